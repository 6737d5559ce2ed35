/** Limits that differ between merchants, one set for each provider, kept between visits. */
import { computed, signal } from '@preact/signals'
import type { Limits, SheetTarget } from '../sheet/contract'
import { recall, remember } from './memory'

export type LimitName = 'minAmount' | 'maxAmount'
type Provider = 'wechat' | 'pingpp'
type Chosen = Partial<Record<LimitName, number>>

/** Which of them a provider has, and what holds when nothing is chosen; in fen. Ping++ publishes no number. */
export const known: Record<Provider, Partial<Record<LimitName, number | undefined>>> = {
  wechat: { minAmount: 10, maxAmount: 20_000 },
  pingpp: { minAmount: undefined },
}

const chosen = signal<Record<Provider, Chosen>>({ wechat: kept('wechat'), pingpp: kept('pingpp') })

export function providerOf(target: SheetTarget): Provider {
  return target.startsWith('pingpp:') ? 'pingpp' : 'wechat'
}

export const limitsOf = computed(
  () =>
    (target: SheetTarget): Limits =>
      chosen.value[providerOf(target)],
)

export function chooseLimit(target: SheetTarget, name: LimitName, fen: number | undefined): void {
  const provider = providerOf(target)
  const { [name]: _, ...rest } = chosen.value[provider]
  const next = fen === undefined ? rest : { ...rest, [name]: fen }
  chosen.value = { ...chosen.value, [provider]: next }
  remember(`limits.${provider}`, JSON.stringify(next))
}

function kept(provider: Provider): Chosen {
  try {
    const found: Record<string, unknown> = JSON.parse(recall(`limits.${provider}`) ?? '{}')
    const sound = Object.entries(found).filter(([name, fen]) => name in known[provider] && Number.isSafeInteger(fen))
    return Object.fromEntries(sound)
  } catch {
    return {}
  }
}

/** Yuan with at most two decimals → fen, without arithmetic on fractions. */
export function readYuan(text: string): number | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.trim())
  return match ? Number(match[1] + (match[2] ?? '').padEnd(2, '0')) : undefined
}
