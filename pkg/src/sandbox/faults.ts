/** Every fault that can be asked for, with what it does. */
const KINDS = {
  'drop-request': 'the connection is cut before the request is looked at',
  'drop-reply': 'the request is processed, then the connection is cut without a reply',
  delay: 'the request is processed at once and answered `ms` milliseconds later',
  'http-500': 'answered with a server error in JSON; processed as well if `processed` is true',
  'http-502-html': 'answered with the HTML page of a gateway; processed as well if `processed` is true',
  'rate-limit': 'refused as too frequent, not processed',
  truncate: 'processed; the reply has lost the second half of its body, its headers are intact',
  'bad-signature': 'processed; the signature of the reply belongs to other bytes',
  probe: 'processed; the reply carries a WECHATPAY/SIGNTEST/ signature',
  'no-headers': 'processed; the reply has no signature headers',
  stale: 'processed; the reply is correctly signed with a timestamp ten minutes old',
  'close-batch': 'the next batch is accepted and closed, or fails as a whole, instead of being paid',
  'wait-pay': 'the next batch waits for an employee, who confirms after `seconds`, or never',
  'schedule-batch': 'the next unionpay batch of Ping++ waits five minutes and can be cancelled, as until 2018',
  'duplicate-notification': 'the next notification is sent twice',
  'reorder-notifications': 'the next notification is held back until the one after it was sent',
  'notification-bad-signature': 'the next attempt at a notification is wrongly signed',
  'notification-probe': 'the next attempt at a notification carries a WECHATPAY/SIGNTEST/ signature',
  'notification-no-headers': 'the next attempt at a notification has no signature headers',
  'notification-stale': 'the next attempt at a notification is signed with a timestamp ten minutes old',
} as const

/** The name of a fault. */
export type FaultKind = keyof typeof KINDS

/** A fault to be armed. */
export interface Fault {
  readonly kind: FaultKind
  /** The beginning of the paths it may hit; every path when absent. For notifications, the path of the receiver. */
  readonly path?: string
  /** How many times it hits; once when absent. */
  readonly times?: number
  /** `delay` only, where it is required: milliseconds. */
  readonly ms?: number
  /** `http-500` and `http-502-html` only: whether the request is carried out all the same. */
  readonly processed?: boolean
  /** `wait-pay` only: after how many seconds the employee confirms; never when absent. */
  readonly seconds?: number
}

/** How the signature of one message is spoiled. */
export type Tampering = 'bad-signature' | 'probe' | 'no-headers' | 'stale'

/** What a member is for, and which kinds may carry it. */
const MEMBERS: Record<string, { check: (value: unknown) => boolean; what: string; kinds?: readonly FaultKind[] }> = {
  kind: { check: value => typeof value === 'string' && Object.hasOwn(KINDS, value), what: 'a known kind of fault' },
  path: { check: value => typeof value === 'string' && value.startsWith('/'), what: 'text that begins with /' },
  times: { check: value => Number.isSafeInteger(value) && Number(value) > 0, what: 'a positive integer' },
  ms: { check: isDuration, what: 'a number of milliseconds', kinds: ['delay'] },
  processed: { check: value => typeof value === 'boolean', what: 'a boolean', kinds: ['http-500', 'http-502-html'] },
  seconds: { check: isDuration, what: 'a number of seconds', kinds: ['wait-pay'] },
}

interface Armed {
  readonly fault: Fault
  left: number
}

/** The faults that wait for something to hit. */
export class Faults {
  readonly #armed: Armed[] = []

  /**
   * Arms a fault.
   *
   * @throws {TypeError} if it is not a fault of this sandbox; the message lists the known kinds.
   */
  arm(fault: Fault): void {
    check(fault)
    this.#armed.push({ fault, left: fault.times ?? 1 })
  }

  /** Uses up the oldest armed fault of one of `kinds` that hits `path`, if there is one. */
  take<K extends FaultKind>(path: string, kinds: readonly K[]): (Fault & { kind: K }) | undefined {
    const hits = ({ fault }: Armed): boolean =>
      (kinds as readonly FaultKind[]).includes(fault.kind) && path.startsWith(fault.path ?? '/')
    const found = this.#armed.find(hits)
    if (!found) return undefined
    found.left -= 1
    if (found.left === 0) this.#armed.splice(this.#armed.indexOf(found), 1)
    return found.fault as Fault & { kind: K }
  }
}

function check(fault: unknown): void {
  if (typeof fault !== 'object' || fault === null)
    throw new TypeError('a fault is an object such as { kind: "drop-reply" }')
  const given = fault as Record<string, unknown>
  if (!MEMBERS.kind?.check(given.kind)) {
    const list = Object.entries(KINDS).map(([kind, effect]) => `  ${kind}: ${effect}`)
    throw new TypeError(`unknown kind of fault; the sandbox knows\n${list.join('\n')}`)
  }
  for (const [name, value] of Object.entries(given)) {
    const member = Object.hasOwn(MEMBERS, name) ? MEMBERS[name] : undefined
    if (!member) throw new TypeError(`a fault has no member "${name}"; it has ${Object.keys(MEMBERS).join(', ')}`)
    if (value === undefined) continue
    if (!member.check(value)) throw new TypeError(`"${name}" of a fault must be ${member.what}`)
    if (member.kinds && !member.kinds.includes(given.kind as FaultKind)) {
      throw new TypeError(`"${name}" is only for ${member.kinds.join(' and ')}`)
    }
  }
  if (given.kind === 'delay' && given.ms === undefined) throw new TypeError('a delay needs "ms"')
}

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
