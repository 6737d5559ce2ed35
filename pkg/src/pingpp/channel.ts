/**
 * One application's way to Ping++ and back: checked configuration, keys, signing, sending and verifying.
 * `Pingpp`, `BatchTransfers` and `Transfers` are documentation and data around it.
 */
import { base64 } from '../bytes.js'
import { type CoreApp, core } from '../core.js'
import { BatchError, KeyError, SignatureError } from '../errors.js'
import { plainHeaders } from '../headers.js'
import { ProviderKey, publicMaterial } from '../keys.js'
import { callable, object, onlyKnown, string, wholeSeconds } from '../options.js'
import { mismatch, type Outcome, outcomeOf } from '../outcome.js'
import { type SealedOperation, SealedRequest } from '../sealed.js'
import type { AbortSignalLike, Bytes, Incoming, Reply, RequestOptions, SignedRequest } from '../types.js'
import { accepted, nothing, rawBody, Wire } from '../wire.js'
import { decide, providerError } from './refusal.js'
import type { Created, PingppEvent, PingppLimits, PingppOptions } from './types.js'

/** What every object of the provider has. */
interface Described {
  id: string
  object: string
  livemode?: boolean
}

/** Clocks differ: what was sent at some time may have been created this much earlier, in seconds. */
const slack = 600
const day = 86_400

/** Internal to the package. */
export class AppChannel extends Wire {
  readonly app: string
  readonly limits: PingppLimits | undefined
  readonly #app: CoreApp
  readonly #options: Pick<PingppOptions, 'auth' | 'language' | 'seen' | 'eventToleranceSeconds'>
  readonly #platformKey: ProviderKey | undefined

  /** @throws {KeyError} for anything wrong in the configuration, before the first request */
  constructor(options: PingppOptions) {
    object(options, 'options')
    const { app, apiKey, limits, platformPublicKey, auth = 'basic', seen, eventToleranceSeconds } = options
    super(options, 'https://api.pingxx.com')
    const { language = this.locale === 'zh' ? 'zh-CN' : 'en' } = options
    this.#app = new core.PingppApp(string(app, 'app'), string(apiKey, 'apiKey'))
    this.app = app
    this.limits = limits
    onlyKnown(limits, 'limits', limitNames)
    // The core knows what each may hold.
    core.pingppCheckLimits(limits)
    if (auth !== 'basic' && auth !== 'bearer') throw new KeyError('ERR_OPTIONS', "auth must be 'basic' or 'bearer'")
    if (language !== 'zh-CN' && language !== 'en') throw new KeyError('ERR_OPTIONS', "language must be 'zh-CN' or 'en'")
    callable({ seen })
    if (eventToleranceSeconds !== undefined) wholeSeconds(eventToleranceSeconds, 'eventToleranceSeconds', 400 * day)
    this.#options = { auth, language, seen, eventToleranceSeconds }
    // Only what was left out is not configured: an empty key is a damaged one.
    if (platformPublicKey !== undefined) {
      const material = publicMaterial(platformPublicKey)
      if (!material) throw new KeyError('ERR_KEY_TYPE', 'platformPublicKey must be PEM, DER bytes or bare base64')
      this.#platformKey = new ProviderKey(material, this.engine)
    }
  }

  get livemode(): boolean {
    return this.#app.livemode
  }

  async sign(options: RequestOptions): Promise<SignedRequest> {
    const draft = this.draft(options)
    const { method, target, timestamp, body } = draft
    const signature = await this.privateKey.sign(this.#app.message(method, target, timestamp, body ?? nothing))
    const { auth = '', language = '' } = this.#options
    return this.request(draft, {
      'Accept-Language': language,
      Authorization: this.#app.authorization(auth),
      'Pingplusplus-Request-Timestamp': String(timestamp),
      'Pingplusplus-Signature': base64(signature),
      ...(body && { 'Content-Type': 'application/json; charset=UTF-8' }),
    })
  }

  async send<Data>(request: SignedRequest, signal?: AbortSignalLike): Promise<Reply<Data>> {
    const raw = await this.exchange(request, signal)
    if (raw.status >= 300) throw providerError(raw, this.now())
    const verify = this.#platformKey && (() => this.verify(raw.headers, raw.body))
    return accepted<Data>(raw, 'x-pingplusplus-signature', verify)
  }

  /** @throws {SignatureError} whenever the bytes are not proven to come from Ping++ · {KeyError} ERR_PLATFORM_KEY_MISSING */
  async verify(headers: Record<string, string>, body: Uint8Array): Promise<void> {
    if (!this.#platformKey) {
      throw new KeyError(
        'ERR_PLATFORM_KEY_MISSING',
        'nothing can be verified without the Ping++ public key: pass platformPublicKey',
      )
    }
    const incoming = new core.PingppIncoming(headers, body)
    try {
      await this.#platformKey.demand(incoming)
    } finally {
      incoming.free()
    }
  }

  /** Verifies what the caller received. */
  async incoming(given: Incoming): Promise<Bytes> {
    const { headers, body } = given ?? {}
    const bytes = rawBody({ body })
    await this.verify(plainHeaders(headers), bytes)
    return bytes
  }

  async event<Resource>(given: Incoming): Promise<PingppEvent<Resource>> {
    const envelope = JSON.parse(core.pingppOpenEvent(await this.incoming(given)))
    const { id, type, created, livemode, data, request, pending_webhooks: pendingWebhooks } = envelope
    const { object: resource, previous_attributes: previousAttributes } = data
    this.#demandMode(livemode)
    await this.#demandFresh(id, created)
    return {
      id,
      type,
      created,
      livemode,
      data: { object: resource, ...(previousAttributes && { previousAttributes }) },
      ...(request !== undefined && { request }),
      ...(pendingWebhooks !== undefined && { pendingWebhooks }),
      envelope,
    }
  }

  /** Asks for one object, or makes one change; the reply must be about that object. */
  async one<Data extends Described>(options: RequestOptions, kind: string, id: string): Promise<Data> {
    const { data } = await this.send<Data | undefined>(await this.sign(options))
    if (data?.id !== id || data.object !== kind) throw mismatch()
    this.#demandMode(data.livemode)
    return data
  }

  /** One page of a list. */
  async page<Data extends Described>(target: string): Promise<{ data: Data[]; more: boolean }> {
    const reply = await this.send<{ data?: Data[]; has_more?: unknown } | undefined>(
      await this.sign({ method: 'GET', path: target }),
    )
    const { data, has_more: more } = reply.data ?? {}
    // A page that says that there is more and holds nothing would be asked for forever.
    if (!Array.isArray(data) || typeof more !== 'boolean' || (more && data.length === 0)) throw mismatch()
    for (const item of data) {
      if (typeof item?.id !== 'string') throw mismatch()
      this.#demandMode(item.livemode)
    }
    return { data, more }
  }

  /** Freezes a valid request. */
  seal(
    operation: SealedOperation,
    app: unknown,
    valid: { total: number; body(): Bytes },
    count: number,
    number: string,
  ): SealedRequest {
    if (app !== this.app)
      throw new BatchError('ERR_SEALED_MERCHANT', 'this request is for another app than this client')
    const { livemode } = this
    const { total } = valid
    const facts = { operation, merchant: this.app, livemode, serial: null, number, count, total }
    return new SealedRequest(facts, valid.body())
  }

  /** Sends a sealed request. `answers` tells whether a reply is about it. */
  async pay<Data extends Described & { amount?: number }>(
    operation: SealedOperation,
    sealed: SealedRequest,
    answers: (data: Data) => boolean,
    signal: AbortSignalLike | undefined,
  ): Promise<Outcome<Data>> {
    sealed.demand({ operation, merchant: this.app, livemode: this.livemode })
    const { method, path, body, number, total } = sealed
    const signed = await this.sign({ method, path, body })
    const send = async () => {
      const reply = await this.send<Data>(signed, signal)
      const { data } = reply
      if (typeof data?.id !== 'string' || !answers(data)) throw mismatch()
      if (data.amount !== undefined && data.amount !== total) throw mismatch()
      this.#demandMode(data.livemode)
      return reply
    }
    return outcomeOf(number, send, decide)
  }

  /**
   * The earliest second in which something sent at `since` may have been created.
   *
   * @throws {KeyError} ERR_OPTIONS
   */
  earliest(since: unknown): number {
    const seconds = since instanceof Date ? since.getTime() / 1000 : since
    // Milliseconds would be a time far ahead, nothing would be found there, and a payment would be sent twice.
    if (typeof seconds === 'number' && seconds >= 0 && seconds <= this.seconds() + day)
      return Math.max(0, Math.floor(seconds) - slack)
    throw new KeyError('ERR_OPTIONS', 'since must be a Date or Unix seconds, no later than tomorrow')
  }

  /** PP30: what is said about test money must not be taken for real money, nor the other way round. */
  #demandMode(livemode: unknown): void {
    if (livemode === undefined || livemode === null) return
    if (typeof livemode === 'boolean' && !this.#app.checkLivemode(livemode, this.locale)) return
    throw new SignatureError(
      'ERR_REPLY_MISMATCH',
      'the message is about the other of test and live than the API key (PP30): do not act on it',
    )
  }

  /** The signature covers no time, so an old event verifies for ever. */
  async #demandFresh(id: string, created: number): Promise<void> {
    const { eventToleranceSeconds: tolerance, seen } = this.#options
    if (tolerance !== undefined && Math.abs(this.seconds() - created) > tolerance) {
      throw new SignatureError('ERR_TIMESTAMP_SKEW', 'the event was created too far from now')
    }
    const answer = await seen?.(id)
    if (answer === true) {
      throw new SignatureError('ERR_EVENT_REPLAYED', 'this event was handled before: answer 200 and do nothing')
    }
    if (seen && answer !== false) throw new KeyError('ERR_OPTIONS', 'seen must resolve to true or false')
  }
}

/** @throws {KeyError} ERR_OPTIONS for a filter that does not exist: it would filter nothing */
export function knownFilters(options: { created?: Created | undefined }, names: readonly string[]): void {
  onlyKnown(options, 'list', names)
  onlyKnown(options.created, 'created', createdNames)
}

const createdNames: readonly string[] = ['gt', 'gte', 'lt', 'lte'] satisfies (keyof Created)[]

const limitNames: readonly string[] = [
  'maxRecipients',
  'minAmount',
  'allinpayMerchant',
  'alipayProduct',
  'alipayB2b',
  'descriptionUnit',
  'batchNoRule',
  'openBankMax',
  'wxOrderNoMax',
  'cardTypeMax',
  'luhn',
  'strictCompat',
] satisfies (keyof PingppLimits)[]
