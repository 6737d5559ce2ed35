/**
 * One merchant's way to WeChat Pay and back: checked configuration, keys, signing, sending and verifying.
 * The clients in `wechat.ts` and `batches.ts` are documentation and data around it.
 */
import { asBytes, text, utf8, wellFormed } from '../bytes.js'
import { type CoreMerchant, core } from '../core.js'
import type { PrivateOperations } from '../engine.js'
import { KeyError, PayoutError, SignatureError, TransportError } from '../errors.js'
import { plainHeaders, requestId } from '../headers.js'
import { jsonText } from '../json.js'
import { PlatformKey, privateKey } from '../keys.js'
import { exchange, type RawReply } from '../send.js'
import type {
  AbortSignalLike,
  Bytes,
  Incoming,
  Locale,
  Reply,
  SignedRequest,
  SignOptions,
  WechatLimits,
  WechatPayOptions,
} from '../types.js'
import { version } from '../version.js'
import { providerError } from './refusal.js'

const empty = new Uint8Array(0)

/** Internal to the package. */
export class Channel {
  readonly mchid: string
  readonly serialNo: string
  readonly baseUrl: string
  readonly limits: WechatLimits | undefined
  readonly locale: Locale
  readonly merchant: CoreMerchant
  readonly now: () => number
  readonly privateKey: PrivateOperations
  readonly #options: Pick<WechatPayOptions, 'fetch' | 'engine'> & { timeoutMs: number; toleranceSeconds: number }
  readonly #platformKeys = new Map<string, PlatformKey>()

  /** @throws {KeyError} for anything wrong in the configuration, before the first request */
  constructor(options: WechatPayOptions) {
    if (typeof options !== 'object' || options === null) throw new KeyError('ERR_OPTIONS', 'options must be an object')
    const { mchid, serialNo, apiV3Key, engine = 'auto', platformKeys = [], now = Date.now } = options
    const { timeoutMs = 30_000, toleranceSeconds = 300, locale = 'zh', limits } = options
    this.merchant = new core.WechatMerchant(
      string(mchid, 'mchid'),
      string(serialNo, 'serialNo'),
      optional(apiV3Key, 'apiV3Key'),
    )
    this.mchid = mchid
    this.serialNo = serialNo
    this.baseUrl = origin(options.baseUrl ?? 'https://api.mch.weixin.qq.com')
    this.locale = locale
    this.limits = limits
    this.now = now
    checkLimits(limits)
    for (const [name, value] of Object.entries({ now, fetch: options.fetch })) {
      if (value !== undefined && typeof value !== 'function')
        throw new KeyError('ERR_OPTIONS', `${name} must be a function`)
    }
    // setTimeout turns anything above 2^31 - 1 into 1.
    if (!(timeoutMs > 0 && timeoutMs < 2 ** 31))
      throw new KeyError('ERR_OPTIONS', 'timeoutMs must be positive milliseconds')
    if (!(Number.isInteger(toleranceSeconds) && toleranceSeconds >= 0 && toleranceSeconds <= 3600)) {
      throw new KeyError('ERR_OPTIONS', 'toleranceSeconds must be whole seconds, 0 to 3600')
    }
    if (locale !== 'zh' && locale !== 'en') throw new KeyError('ERR_OPTIONS', "locale must be 'zh' or 'en'")
    if (!Array.isArray(platformKeys)) throw new KeyError('ERR_OPTIONS', 'platformKeys must be an array')
    this.#options = { fetch: options.fetch, engine, timeoutMs, toleranceSeconds }
    this.privateKey = privateKey(options.privateKey, engine)
    for (const input of platformKeys) this.addPlatformKey(new PlatformKey(input, engine))
  }

  /** The same name again replaces the key: a certificate fetched anew is the same certificate. */
  addPlatformKey(key: PlatformKey): void {
    if (key.id === this.serialNo) {
      throw new KeyError('ERR_PLATFORM_KEY_ID', "this is the merchant's own certificate, WeChat Pay's key is due")
    }
    this.#platformKeys.set(key.id, key)
  }

  /** A certificate that came over the wire. */
  platformCertificate(pem: string): PlatformKey {
    return new PlatformKey({ certificate: pem }, this.#options.engine ?? 'auto')
  }

  /**
   * The key to seal for: the public key where there is one, otherwise the certificate in force with the latest start.
   */
  sealingKey(): PlatformKey | undefined {
    const now = this.now() / 1000
    const inForce = (key: PlatformKey) =>
      (key.notBefore ?? 0) <= now && now <= (key.notAfter ?? Number.POSITIVE_INFINITY)
    const rank = (key: PlatformKey) => (key.notBefore ?? Number.MAX_SAFE_INTEGER) + (inForce(key) ? 2 ** 53 : 0)
    return [...this.#platformKeys.values()].sort((a, b) => rank(b) - rank(a))[0]
  }

  /** @throws {KeyError} ERR_PLATFORM_KEY_MISSING */
  requireSealingKey(): PlatformKey {
    const key = this.sealingKey()
    if (key) return key
    throw new KeyError(
      'ERR_PLATFORM_KEY_MISSING',
      'sealing needs a key of WeChat Pay: pass platformKeys, or call certificates()',
    )
  }

  async sign(options: SignOptions): Promise<SignedRequest> {
    const { method, path, query, body, nonce = core.randomNonce() } = options
    const timestamp = unixSeconds(options.timestamp ?? Math.floor(this.now() / 1000))
    const target = core.requestTarget(string(path, 'path'), query === undefined ? undefined : queryPairs(query))
    const bytes = bodyBytes(body)
    const message = this.merchant.message(
      string(method, 'method'),
      target,
      timestamp,
      string(nonce, 'nonce'),
      bytes ?? empty,
    )
    const signature = await this.privateKey.sign(message)
    const url = this.baseUrl + target
    // What was signed must be what is sent: a URL that the host would rewrite is refused.
    const parsed = new URL(url)
    if (parsed.pathname + parsed.search !== target || parsed.hash !== '') {
      throw new PayoutError(
        'ERR_PATH',
        'the path would be rewritten on the way, so its signature would not match: percent-encode it',
      )
    }
    const serial = options.serial ?? this.sealingKey()?.id
    const headers: Record<string, string> = {
      Accept: 'application/json',
      Authorization: this.merchant.authorization(timestamp, nonce, signature),
      'User-Agent': `payseal/${version}`,
    }
    if (bytes) headers['Content-Type'] = 'application/json'
    if (serial !== undefined) headers['Wechatpay-Serial'] = serial
    return { method, url, headers, ...(bytes && { body: bytes }), redirect: 'manual' }
  }

  /** Sends and reads, without judging. Refuses to carry the signature to another host. */
  async exchange(request: SignedRequest, signal?: AbortSignalLike): Promise<RawReply> {
    if (URL.canParse(request.url) && new URL(request.url).origin !== this.baseUrl) {
      throw new TransportError('ERR_URL', 'the request is for another host than baseUrl', 'not-sent')
    }
    return exchange(request, { fetch: this.#options.fetch, timeoutMs: this.#options.timeoutMs, signal })
  }

  async send<Data>(request: SignedRequest, signal?: AbortSignalLike): Promise<Reply<Data>> {
    const raw = await this.exchange(request, signal)
    if (raw.status >= 300) throw providerError(raw, this.now())
    return this.accept<Data>(raw)
  }

  /** A 2xx reply: verified on its raw bytes, then parsed. */
  async accept<Data>(raw: RawReply): Promise<Reply<Data>> {
    // A page that a proxy or a captive portal answered with says more as such than as a missing header.
    if (!('wechatpay-signature' in raw.headers) && isPage(raw)) throw notJson()
    await this.verify(raw.headers, raw.body)
    return { ...raw, data: parsed(raw.body) as Data, requestId: requestId(raw.headers) }
  }

  /** @throws {SignatureError} whenever the bytes are not proven to come from WeChat Pay, now */
  async verify(
    headers: Record<string, string>,
    body: Uint8Array,
    more?: ReadonlyMap<string, PlatformKey>,
  ): Promise<void> {
    const now = Math.floor(this.now() / 1000)
    const incoming = new core.WechatIncoming(headers, body, now, this.#options.toleranceSeconds)
    try {
      const key = this.#platformKeys.get(incoming.serial) ?? more?.get(incoming.serial)
      if (!key) {
        throw new SignatureError(
          'ERR_SERIAL_UNKNOWN',
          'signed with a key that is not among platformKeys: add it, or fetch it with certificates() outside of this request',
        )
      }
      if (await key.verify(incoming.message(), incoming.signature())) return
      throw new SignatureError('ERR_SIGNATURE_INVALID', 'the signature does not match: do not trust this message')
    } finally {
      incoming.free()
    }
  }

  /** Verifies what the caller received. */
  async incoming(given: Incoming): Promise<Bytes> {
    const { headers, body } = given ?? {}
    const bytes = typeof body === 'string' ? utf8(body) : asBytes(body)
    if (!bytes) {
      throw new SignatureError(
        'ERR_BODY_PARSED',
        'pass the raw body as text or bytes, exactly as received: a parsed object cannot be verified (express.raw(), await request.text())',
      )
    }
    await this.verify(plainHeaders(headers), bytes)
    return bytes
  }
}

function string(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  throw new KeyError('ERR_OPTIONS', `${name} must be a string`)
}

function optional(value: unknown, name: string): string | undefined {
  return value === undefined || value === null ? undefined : string(value, name)
}

const limitNames: readonly string[] = [
  'maxDetails',
  'minAmount',
  'maxAmount',
  'nameForbiddenBelow',
  'nameRequiredFrom',
  'localNotifyUrl',
] satisfies (keyof WechatLimits)[]

/** A limit that is misspelt would be no limit. @throws {KeyError} ERR_OPTIONS */
function checkLimits(limits: WechatLimits | undefined): void {
  const unknown = Object.keys(limits ?? {}).find(name => !limitNames.includes(name))
  if (unknown !== undefined)
    throw new KeyError('ERR_OPTIONS', `limits has no ${unknown}: it has ${limitNames.join(', ')}`)
  // The core knows what each may hold.
  core.wechatValidateBatch('{}', limits, 'zh')
}

/** @throws {KeyError} ERR_BASE_URL */
function origin(baseUrl: unknown): string {
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  const loopback = url !== undefined && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)
  // A path would be sent and not be signed; credentials and the rest have no place here.
  if (url && safe && url.href === `${url.origin}/`) return url.origin
  throw new KeyError('ERR_BASE_URL', 'baseUrl must be an https origin without a path; http is for loopback only')
}

function queryPairs(query: NonNullable<SignOptions['query']>): [string, string][] {
  const pairs: Iterable<readonly [string, unknown]> =
    Symbol.iterator in query ? (query as Iterable<readonly [string, string]>) : Object.entries(query)
  return [...pairs].filter(([, value]) => value !== undefined).map(([name, value]) => [String(name), String(value)])
}

/** No bytes are no body: on the wire they are the same, and fetch refuses them for GET. */
function bodyBytes(body: SignOptions['body']): Bytes | undefined {
  if (body === undefined || body === null) return undefined
  const bytes = typeof body === 'string' ? wellFormed(body) : (asBytes(body) ?? core.canonicalBody(jsonText(body)))
  return bytes.length > 0 ? bytes : undefined
}

/** A number, or its digits; anything else would be taken for one on the way into the core. */
function unixSeconds(timestamp: unknown): number {
  return typeof timestamp === 'number' || /^\d{1,12}$/.test(String(timestamp)) ? Number(timestamp) : Number.NaN
}

/** The first byte that is no white space says enough; nothing is parsed. */
function isPage(raw: RawReply): boolean {
  const first = raw.body.find(byte => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf)
  return first === 0x3c || /^text\/html\b/i.test(raw.headers['content-type'] ?? '')
}

function parsed(body: Uint8Array): unknown {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(text(body))
  } catch {
    throw notJson()
  }
}

function notJson(): TransportError {
  return new TransportError(
    'ERR_REPLY_NOT_JSON',
    'the reply is not JSON: something between here and WeChat Pay may have answered',
  )
}
