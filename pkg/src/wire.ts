/**
 * What every provider's channel has in common: the request target and the body that are signed, one exchange, and replies that are read
 * only after they were verified. A provider adds its message, its headers and its keys.
 */
import { asBytes, text, utf8, wellFormed } from './bytes.js'
import { core } from './core.js'
import type { PrivateOperations } from './engine.js'
import { PayoutError, SignatureError, TransportError } from './errors.js'
import { requestId } from './headers.js'
import { exactJsonText } from './json.js'
import { privateKey } from './keys.js'
import { abortSignal, object, type Settings, settings, string } from './options.js'
import { exchange, type RawReply } from './send.js'
import type {
  AbortSignalLike,
  Bytes,
  ClientOptions,
  Engine,
  Incoming,
  Locale,
  Reply,
  RequestOptions,
  SignedRequest,
} from './types.js'
import { version } from './version.js'

/** What is signed, whoever signs it. */
export interface Draft {
  readonly method: string
  /** Path and query, exactly as sent. */
  readonly target: string
  /** Unix seconds. */
  readonly timestamp: number
  readonly body: Bytes | undefined
}

/** No body, for the message. */
export const nothing = new Uint8Array(0)

/** Internal to the package. */
export class Wire {
  readonly privateKey: PrivateOperations
  readonly #settings: Settings

  /**
   * @param home the provider's own address
   * @throws {KeyError} for anything wrong in the configuration, before the first request
   */
  constructor(options: ClientOptions, home: string) {
    this.#settings = settings(options, home)
    this.privateKey = privateKey(options.privateKey, this.engine)
  }

  get baseUrl(): string {
    return this.#settings.baseUrl
  }

  get engine(): Engine {
    return this.#settings.engine
  }

  get locale(): Locale {
    return this.#settings.locale
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#settings.now()
  }

  /** Unix seconds. */
  seconds(): number {
    return Math.floor(this.now() / 1000)
  }

  /** @throws {PayoutError} ERR_PATH · {BatchError} ERR_BODY_FORMAT · {KeyError} ERR_OPTIONS */
  draft(options: RequestOptions): Draft {
    object(options, 'a request')
    const { method, path, query, body, timestamp = this.seconds() } = options
    const target = core.requestTarget(string(path, 'path'), query === undefined ? undefined : queryPairs(query))
    // What was signed must be what is sent: a URL that the host would rewrite is refused.
    const parsed = new URL(this.baseUrl + target)
    if (parsed.pathname + parsed.search !== target || parsed.hash !== '') {
      throw new PayoutError(
        'ERR_PATH',
        'the path would be rewritten on the way, so its signature would not match: percent-encode it',
      )
    }
    return { method: string(method, 'method'), target, timestamp: unixSeconds(timestamp), body: bodyBytes(body) }
  }

  /** The draft with the headers that sign it. */
  request({ method, target, body }: Draft, headers: Record<string, string>): SignedRequest {
    const all = { Accept: 'application/json', 'User-Agent': `payseal/${version}`, ...headers }
    return { method, url: this.baseUrl + target, headers: all, ...(body && { body }), redirect: 'manual' }
  }

  /** Sends and reads, without judging. Refuses to carry the signature to another host. */
  async exchange(request: SignedRequest, signal?: AbortSignalLike): Promise<RawReply> {
    object(request, 'a signed request')
    abortSignal(signal)
    if (URL.canParse(request.url) && new URL(request.url).origin !== this.baseUrl) {
      throw new TransportError('ERR_URL', 'the request is for another host than baseUrl', 'not-sent')
    }
    const { fetch, timeoutMs } = this.#settings
    return exchange(request, { fetch, timeoutMs, signal })
  }
}

/**
 * A 2xx reply: verified on its raw bytes, then parsed.
 *
 * @param signature the lower-case name of the header that holds it
 * @param verify undefined where there is nothing to verify with
 */
export async function accepted<Data>(
  raw: RawReply,
  signature: string,
  verify: ((raw: RawReply) => Promise<void>) | undefined,
): Promise<Reply<Data>> {
  // A page that a proxy or a captive portal answered with says more as such than as a missing header.
  if (!(signature in raw.headers) && isPage(raw)) throw notJson()
  await verify?.(raw)
  return { ...raw, data: parsed(raw.body) as Data, requestId: requestId(raw.headers) }
}

/** @throws {SignatureError} ERR_BODY_PARSED */
export function rawBody({ body }: Pick<Incoming, 'body'>): Bytes {
  const bytes = typeof body === 'string' ? utf8(body) : asBytes(body)
  if (bytes) return bytes
  throw new SignatureError(
    'ERR_BODY_PARSED',
    'pass the raw body as text or bytes, exactly as received: a parsed object cannot be verified (express.raw(), await request.text())',
  )
}

/** The members of an error reply; none when it is no JSON object. */
export function members(body: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text(body))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function queryPairs(query: NonNullable<RequestOptions['query']>): [string, string][] {
  object(query, 'query')
  const pairs: Iterable<readonly [string, unknown]> =
    Symbol.iterator in query ? (query as Iterable<readonly [string, string]>) : Object.entries(query)
  return [...pairs].filter(([, value]) => value !== undefined).map(([name, value]) => [String(name), String(value)])
}

/** No bytes are no body: on the wire they are the same, and fetch refuses them for GET. */
function bodyBytes(body: RequestOptions['body']): Bytes | undefined {
  if (body === undefined || body === null) return undefined
  const bytes = typeof body === 'string' ? wellFormed(body) : (asBytes(body) ?? core.canonicalBody(exactJsonText(body)))
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
    'the reply is not JSON: something between here and the provider may have answered',
  )
}
