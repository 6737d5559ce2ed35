import type { SheetTarget } from '../sheet/contract'
import { setTarget, target } from '../state/panel'
import { text } from '../text'

const groups: Record<string, SheetTarget[]> = {
  'WeChat Pay': ['wechat-batch', 'wechat-bill'],
  'Ping++': (['alipay', 'unionpay', 'wx', 'wx_pub', 'wx_lite', 'allinpay', 'jdpay', 'balance'] as const).map(
    channel => `pingpp:${channel}` as const,
  ),
}

export function TargetSelect({ label }: { label: string }) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={target.value} onChange={event => setTarget(event.currentTarget.value as SheetTarget)}>
        {Object.entries(groups).map(([group, names]) => (
          <optgroup key={group} label={group}>
            {names.map(name => (
              <option key={name} value={name}>
                {text.value.targets[name]}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  )
}
