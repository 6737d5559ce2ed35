import type { Tampering } from '../faults.js'
import { emptyReply, headerOf, type Incoming, jsonReply, type Reply } from '../http.js'
import { randomText } from '../keys.js'
import type { Provider, World } from '../provider.js'
import { authenticate } from './authentication.js'
import { Batches } from './batches.js'
import { describeCertificates } from './certificates.js'
import {
  certificatesOf,
  credentialsOf,
  type Merchant,
  makeMerchant,
  makePlatformCertificate,
  type PlatformKey,
  type PlatformMode,
  type WechatCredentials,
} from './merchant.js'
import { describeBatch, describePayment, type Wanted } from './queries.js'
import { Refusal } from './refusal.js'
import { signatureHeaders } from './sealing.js'

/** What can be chosen about WeChat Pay in a sandbox. */
export interface WechatOptions {
  /** The operating account at the start, in fen. */
  readonly balance: number
  /** Which kinds of platform keys there are. */
  readonly platform: PlatformMode
  /** The appids a batch may name; any when absent. */
  readonly appids: readonly string[] | undefined
}

interface Route {
  readonly method: string
  readonly path: RegExp
  run(request: Incoming, wanted: Wanted): unknown
}

const TAMPERINGS: readonly Tampering[] = ['bad-signature', 'probe', 'no-headers', 'stale']

/** WeChat Pay API v3 as far as batches go: spec sections 1 to 8. */
export class Wechat implements Provider {
  readonly prefix = '/v3/'
  readonly #world: World
  readonly #merchant: Merchant
  readonly #batches: Batches
  readonly #routes: readonly Route[]

  /** Starts with fresh keys. */
  static async start(world: World, options: WechatOptions): Promise<Wechat> {
    return new Wechat(world, await makeMerchant(options.platform, options.appids), options.balance)
  }

  private constructor(world: World, merchant: Merchant, balance: number) {
    this.#world = world
    this.#merchant = merchant
    this.#batches = new Batches(world, merchant, balance)
    const now = () => world.clock.now()
    this.#routes = [
      { method: 'POST', path: /^\/v3\/transfer\/batches$/, run: request => this.#batches.create(request) },
      {
        method: 'GET',
        path: /^\/v3\/transfer\/batches\/(?:batch-id\/(?<batch_id>[^/]+)|out-batch-no\/(?<out_batch_no>[^/]+))$/,
        run: ({ query }, wanted) => describeBatch(wanted, query, this.#batches, merchant, now()),
      },
      {
        method: 'GET',
        path: /^\/v3\/transfer\/batches\/(?:batch-id\/(?<batch_id>[^/]+)\/details\/detail-id\/(?<detail_id>[^/]+)|out-batch-no\/(?<out_batch_no>[^/]+)\/details\/out-detail-no\/(?<out_detail_no>[^/]+))$/,
        run: (_request, wanted) => describePayment(wanted, this.#batches, merchant, now()),
      },
      { method: 'GET', path: /^\/v3\/certificates$/, run: ({ query }) => describeCertificates(query, merchant) },
    ]
  }

  /** The options of a client. */
  credentials(baseUrl: string): WechatCredentials {
    return credentialsOf(this.#merchant, baseUrl)
  }

  /** The two certificates that clients of other makers want as files. */
  certificates(): { merchantCertificate: string; platformCertificate: string | undefined } {
    const platform = certificatesOf(this.#merchant).at(-1)
    return { merchantCertificate: this.#merchant.certificate, platformCertificate: platform?.certificate.pem }
  }

  /** Adds a platform certificate, which signs from now on where certificates sign. */
  async rotateCertificate(): Promise<{ serialNo: string; certificate: string }> {
    if (this.#merchant.mode === 'public-key') throw new TypeError('a platform in public-key mode has no certificates')
    const key = await makePlatformCertificate()
    this.#merchant.platformKeys.push(key)
    return { serialNo: key.serial, certificate: key.certificate?.pem ?? '' }
  }

  async answer(request: Incoming): Promise<Reply> {
    const routes = this.#routes.filter(({ path }) => path.test(request.path))
    if (routes.length === 0) return emptyReply(404)
    const route = routes.find(({ method }) => method === request.method)
    if (!route) return emptyReply(405)
    try {
      authenticate(request, this.#merchant)
      return jsonReply(200, await route.run(request, { ...route.path.exec(request.path)?.groups }))
    } catch (error) {
      if (error instanceof Refusal) return error.reply()
      throw error
    }
  }

  refuse(kind: 'http-500' | 'rate-limit'): Reply {
    if (kind === 'rate-limit') return new Refusal(429, 'FREQUENCY_LIMITED', '频率超限，请降低请求接口频率').reply()
    return new Refusal(500, 'SYSTEM_ERROR', '系统异常，请使用相同参数稍后重新调用').reply()
  }

  /** Signs what succeeded; errors leave without signature headers, as they do in practice (spec 3.3). */
  seal(reply: Reply, request: Incoming): Reply {
    const headers = { ...reply.headers, 'Request-ID': randomText(32, '0123456789ABCDEF') }
    if (reply.status >= 300) return { ...reply, headers }
    const fault = this.#world.faults.take(request.path, TAMPERINGS)
    return {
      ...reply,
      headers: { ...headers, ...signatureHeaders(reply.body, this.#signingKey(request), fault?.kind) },
    }
  }

  /**
   * While both kinds of key are there, the request says which key signs the reply (spec 4.4). The list of certificates is
   * otherwise signed with the newest of them, since whoever fetches it may have no key yet.
   */
  #signingKey(request: Incoming): PlatformKey {
    const { platformKeys, mode } = this.#merchant
    const newest = certificatesOf(this.#merchant).at(-1)
    const publicKey = platformKeys.find(({ certificate }) => !certificate)
    const named = platformKeys.find(({ serial }) => serial === headerOf(request, 'wechatpay-serial'))
    const listing = request.path === '/v3/certificates' ? newest : undefined
    const key = mode === 'certificate' ? newest : (named ?? listing ?? publicKey)
    if (!key) throw new Error('a platform without any key')
    return key
  }
}
