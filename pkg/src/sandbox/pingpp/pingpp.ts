import type { Tampering } from '../faults.js'
import { headerOf, type Incoming, jsonReply, type Reply } from '../http.js'
import type { Provider, World } from '../provider.js'
import { type App, credentialsOf, makeApp, type PingppCredentials } from './app.js'
import { authenticate, demandSignature, signatureHeaders } from './authentication.js'
import { Batches } from './batches.js'
import { Events } from './events.js'
import { notFound, Refusal } from './refusal.js'
import { Transfers } from './transfers.js'

/** What can be chosen about Ping++ in a sandbox. */
export interface PingppOptions {
  /** Where events go; nowhere when absent. */
  readonly webhook: string | undefined
  /** What the order numbers of allinpay must begin with; anything when absent. */
  readonly allinpayMerchant: string | undefined
}

interface Route {
  readonly method: string
  readonly path: RegExp
  /** Whether the signature is mandatory; a route that says no may still ask for it. */
  readonly signed: boolean
  run(request: Incoming, id: string, signed: boolean): unknown
}

const TAMPERINGS = ['bad-signature', 'no-headers'] as const satisfies readonly Tampering[]

/** Ping++ as far as payouts go: spec sections 1 to 9 and 10.1. */
export class Pingpp implements Provider {
  readonly prefix = '/v1/'
  readonly #world: World
  readonly #app: App
  readonly #events: Events
  readonly #routes: readonly Route[]

  /** Starts with fresh keys. @throws {TypeError} if the webhook is not a URL. */
  static async start(world: World, options: PingppOptions): Promise<Pingpp> {
    const pingpp = new Pingpp(world, await makeApp(options.allinpayMerchant))
    if (options.webhook !== undefined) pingpp.webhook(options.webhook)
    return pingpp
  }

  private constructor(world: World, app: App) {
    this.#world = world
    this.#app = app
    this.#events = new Events(world, app)
    const transfers = new Transfers(world, app, this.#events)
    const batches = new Batches(world, app, this.#events, transfers)
    const batch = /^\/v1\/batch_transfers\/([^/]+)$/
    const query = (request: Incoming) => new URLSearchParams(request.query)
    this.#routes = [
      { method: 'POST', path: /^\/v1\/batch_transfers$/, signed: true, run: request => batches.create(request) },
      { method: 'GET', path: /^\/v1\/batch_transfers$/, signed: true, run: request => batches.list(query(request)) },
      { method: 'GET', path: batch, signed: true, run: (_request, id) => batches.describe(id) },
      { method: 'PUT', path: batch, signed: true, run: (request, id) => batches.cancel(request, id) },
      {
        method: 'POST',
        path: /^\/v1\/transfers$/,
        signed: false,
        run: (request, _id, signed) => transfers.create(request, signed),
      },
      { method: 'GET', path: /^\/v1\/transfers$/, signed: false, run: request => transfers.list(query(request)) },
      {
        method: 'GET',
        path: /^\/v1\/transfers\/([^/]+)$/,
        signed: false,
        run: (_request, id) => transfers.describe(id),
      },
      {
        method: 'POST',
        path: /^\/v1\/transfers\/([^/]+)\/reverse$/,
        signed: true,
        run: (_request, id) => transfers.reverse(id),
      },
      {
        method: 'GET',
        path: /^\/v1\/events\/([^/]+)$/,
        signed: false,
        run: (_request, id) => this.#events.describe(id),
      },
    ]
  }

  /** The options of a client. */
  credentials(baseUrl: string): PingppCredentials {
    return credentialsOf(this.#app, baseUrl)
  }

  /** Sends events to `url` from now on. @throws {TypeError} if it is not an absolute http or https URL. */
  webhook(url: string): void {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new TypeError('a webhook must be an absolute http or https URL')
    }
    this.#events.webhook = url
  }

  async answer(request: Incoming): Promise<Reply> {
    try {
      const signed = authenticate(request, this.#app)
      const route = this.#routes.find(({ method, path }) => method === request.method && path.test(request.path))
      if (!route) throw notFound('path')
      if (route.signed) demandSignature(signed)
      return jsonReply(200, await route.run(request, route.path.exec(request.path)?.[1] ?? '', signed))
    } catch (error) {
      if (error instanceof Refusal) return error.reply(headerOf(request, 'accept-language'))
      throw error
    }
  }

  refuse(kind: 'http-500' | 'rate-limit'): Reply {
    if (kind === 'rate-limit') {
      return new Refusal(403, 'invalid_request_error', '请求并发数超限', 'too many requests at once').reply(undefined)
    }
    return new Refusal(500, 'api_error', '系统错误', 'internal error').reply(undefined)
  }

  /** Signs every reply, errors included (spec 3.1). */
  seal(reply: Reply, request: Incoming): Reply {
    const fault = this.#world.faults.take(request.path, TAMPERINGS)
    return { ...reply, headers: { ...reply.headers, ...signatureHeaders(reply.body, this.#app, fault?.kind) } }
  }
}
