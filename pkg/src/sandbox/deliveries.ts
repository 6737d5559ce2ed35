import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { beijingTime, type Clock } from './clock.js'
import type { FaultKind, Faults, Tampering } from './faults.js'
import { isLoopback } from './http.js'

/** A notification that a provider wants delivered. */
export interface Notice {
  readonly provider: 'wechat' | 'pingpp'
  readonly id: string
  readonly event: string
  readonly url: string
  /** Seconds to wait after each failed attempt; the last failure after these is final. */
  readonly delays: readonly number[]
  /** Whether this status of the receiver ends the matter. */
  accepts(status: number): boolean
  /** The ways in which a message of this provider can be spoiled. */
  readonly tamperings: readonly Tampering[]
  /** Writes and signs the message for one attempt, spoiled as asked. */
  compose(tampering: Tampering | undefined): { headers: Record<string, string>; body: Buffer }
}

/** One attempt at a delivery. */
export interface Attempt {
  /** Business time. */
  readonly at: string
  /** What the receiver answered; absent when it did not. */
  readonly status?: number
  /** Why there is no status. */
  readonly error?: string
}

/** What became of one notification. */
export interface Delivery {
  readonly provider: 'wechat' | 'pingpp'
  readonly id: string
  readonly event: string
  readonly url: string
  /** `not-sent` means that the address is not on this machine, so nothing was tried. */
  readonly state: 'pending' | 'delivered' | 'given-up' | 'not-sent'
  readonly attempts: readonly Attempt[]
}

interface Entry extends Delivery {
  state: Delivery['state']
  attempts: Attempt[]
}

/** How long a receiver may take to answer, in milliseconds: the five seconds that WeChat Pay gives. */
const PATIENCE = 5_000

/** How long a notification is held back for another to overtake it, in milliseconds of business time. */
const LONGEST_HOLD = 60_000

/** Sends notifications, repeats what was not accepted, and remembers every attempt. */
export class Deliveries {
  readonly #clock: Clock
  readonly #faults: Faults
  readonly #records: Entry[] = []
  #held: (() => Promise<void>)[] = []
  readonly #ending = new AbortController()

  constructor(clock: Clock, faults: Faults) {
    this.#clock = clock
    this.#faults = faults
  }

  /** Everything that was to be delivered so far, oldest first. */
  list(): Delivery[] {
    return this.#records.map(record => structuredClone(record))
  }

  /** Cuts the attempts that are under way. */
  stop(): void {
    this.#ending.abort()
  }

  /**
   * Delivers a notification.
   *
   * @returns a promise that resolves when the first attempt is over; the others happen on the clock.
   */
  async deliver(notice: Notice): Promise<void> {
    const { provider, id, event, url } = notice
    const record: Entry = { provider, id, event, url, state: 'pending', attempts: [] }
    this.#records.push(record)
    if (!isLoopback(new URL(url).hostname)) {
      record.state = 'not-sent'
      return
    }
    const send = () => this.#attempt(notice, record, 0)
    if (this.#take(notice, ['reorder-notifications'])) {
      this.#held.push(send)
      this.#clock.at(this.#clock.now() + LONGEST_HOLD, () => this.#release())
      return
    }
    await send()
    if (this.#take(notice, ['duplicate-notification'])) await this.#post(notice, record)
    await this.#release()
  }

  async #release(): Promise<void> {
    const held = this.#held
    this.#held = []
    for (const send of held) await send()
  }

  async #attempt(notice: Notice, record: Entry, failures: number): Promise<void> {
    const status = await this.#post(notice, record)
    if (status !== undefined && notice.accepts(status)) {
      record.state = 'delivered'
      return
    }
    const delay = notice.delays[failures]
    if (delay === undefined) record.state = 'given-up'
    else this.#clock.at(this.#clock.now() + delay * 1000, () => this.#attempt(notice, record, failures + 1))
  }

  async #post(notice: Notice, record: Entry): Promise<number | undefined> {
    const at = beijingTime(this.#clock.now())
    const fault = this.#take(
      notice,
      notice.tamperings.map(kind => `notification-${kind}` as const),
    )
    const { headers, body } = notice.compose(notice.tamperings.find(kind => fault?.kind === `notification-${kind}`))
    try {
      const status = await post(notice.url, headers, body, this.#ending.signal)
      record.attempts.push({ at, status })
      return status
    } catch (error) {
      record.attempts.push({ at, error: error instanceof Error ? error.message : String(error) })
      return undefined
    }
  }

  #take<K extends FaultKind>(notice: Notice, kinds: readonly K[]) {
    return this.#faults.take(new URL(notice.url).pathname, kinds)
  }
}

/** Posts `body` and resolves to the status; a redirect is a status like any other. */
function post(url: string, headers: Record<string, string>, body: Buffer, ending: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? requestHttps : requestHttp
    const outgoing = request(url, {
      method: 'POST',
      headers: { ...headers, 'Content-Length': String(body.length) },
      agent: false, // a kept connection of a receiver that has gone away would fail the next attempt
      signal: AbortSignal.any([ending, AbortSignal.timeout(PATIENCE)]),
    })
    outgoing.on('response', response => {
      response.resume()
      response.on('error', () => {}) // the status is all that counts
      resolve(response.statusCode ?? 0)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
