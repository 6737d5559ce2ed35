import { randomText } from '../keys.js'
import type { World } from '../provider.js'
import type { App } from './app.js'
import { signatureHeaders } from './authentication.js'
import { notFound } from './refusal.js'

/** Seconds between attempts (spec 3.4): the first at once, then ten more over about a day. */
const DELAYS = [5, 10, 120, 300, 600, 1800, 3600, 7200, 21_600, 54_000]

/** The types of the events that payouts cause: spec 3.3. */
export type EventType = 'batch_transfer.succeeded' | 'batch_transfer.failed' | 'transfer.succeeded' | 'transfer.failed'

/** What happened, kept for whoever asks, and told to the webhook if there is one. */
export class Events {
  readonly #world: World
  readonly #app: App
  readonly #events = new Map<string, unknown>()
  /** Where events go; nowhere when undefined. */
  webhook: string | undefined

  constructor(world: World, app: App) {
    this.#world = world
    this.#app = app
  }

  /** The event of this id. @throws {Refusal} 404 if there is none. */
  describe(id: string): unknown {
    const event = this.#events.get(id)
    if (!event) throw notFound('event')
    return event
  }

  /** Records an event about `object` as it is now, and resolves when the first attempt to tell it is over. */
  async emit(type: EventType, object: unknown): Promise<void> {
    const id = `evt_${randomText(24)}`
    const event = {
      id,
      object: 'event',
      created: Math.floor(this.#world.clock.now() / 1000),
      livemode: false,
      type,
      data: { object },
      pending_webhooks: this.webhook ? 1 : 0,
      request: null,
    }
    this.#events.set(id, event)
    if (!this.webhook) return
    const body = Buffer.from(JSON.stringify(event))
    await this.#world.deliveries.deliver({
      provider: 'pingpp',
      id,
      event: type,
      url: this.webhook,
      delays: DELAYS,
      accepts: status => status >= 200 && status < 300,
      tamperings: ['bad-signature', 'no-headers'],
      compose: tampering => ({
        headers: {
          'Content-Type': 'application/json; charset=UTF-8',
          'User-Agent': 'Pingplusplus Webhooks',
          ...signatureHeaders(body, this.#app, tampering),
        },
        body,
      }),
    })
  }
}
