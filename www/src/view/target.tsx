import type { PayeeType, SheetTarget } from '../sheet/contract'
import { hasTypes, payeeType, setPayeeType, setTarget, target } from '../state/panel'
import { text } from '../text'

const groups: Record<string, SheetTarget[]> = {
  'WeChat Pay': ['wechat-batch', 'wechat-bill'],
  'Ping++': (['alipay', 'unionpay', 'wx', 'wx_pub', 'wx_lite', 'allinpay', 'jdpay', 'balance'] as const).map(
    channel => `pingpp:${channel}` as const,
  ),
}

export function TargetSelect({ label }: { label: string }) {
  return (
    <>
      <TargetChoice label={label} />
      {hasTypes(target.value) && <PayeeTypeChoice />}
    </>
  )
}

function PayeeTypeChoice() {
  const words = text.value.payees
  return (
    <label class="field">
      <span>{words.label}</span>
      <select value={payeeType.value} onChange={event => setPayeeType(event.currentTarget.value as PayeeType)}>
        <option value="b2c">{words.b2c}</option>
        <option value="b2b">{words.b2b}</option>
      </select>
    </label>
  )
}

function TargetChoice({ label }: { label: string }) {
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
