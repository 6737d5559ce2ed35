/** Checks of what a client is configured with, before its first request. Values are never quoted. */
import { KeyError } from './errors.js'
import type { AbortSignalLike, ClientOptions, Engine, FetchLike, Locale } from './types.js'

/** What every client is configured with, checked. */
export interface Settings {
  /** An origin, without a slash at the end. */
  readonly baseUrl: string
  readonly fetch: FetchLike | undefined
  readonly timeoutMs: number
  readonly now: () => number
  readonly engine: Engine
  readonly locale: Locale
}

/**
 * @param home the provider's own address
 * @throws {KeyError} ERR_OPTIONS, ERR_BASE_URL
 */
export function settings(options: ClientOptions, home: string): Settings {
  const { baseUrl = home, fetch, timeoutMs = 30_000, now = Date.now, engine = 'auto', locale = 'zh' } = options
  // setTimeout turns anything above 2^31 - 1 into 1.
  if (!(timeoutMs > 0 && timeoutMs < 2 ** 31))
    throw new KeyError('ERR_OPTIONS', 'timeoutMs must be positive milliseconds')
  if (locale !== 'zh' && locale !== 'en') throw new KeyError('ERR_OPTIONS', "locale must be 'zh' or 'en'")
  callable({ now, fetch })
  return { baseUrl: origin(baseUrl), fetch, timeoutMs, now, engine, locale }
}

/** @throws {KeyError} ERR_OPTIONS unless each is a function or absent */
export function callable(hooks: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(hooks)) {
    if (value !== undefined && typeof value !== 'function')
      throw new KeyError('ERR_OPTIONS', `${name} must be a function`)
  }
}

/** @throws {KeyError} ERR_OPTIONS */
export function object(value: unknown, name: string): void {
  if (typeof value !== 'object' || value === null) throw new KeyError('ERR_OPTIONS', `${name} must be an object`)
}

/** @throws {KeyError} ERR_OPTIONS */
export function string(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  throw new KeyError('ERR_OPTIONS', `${name} must be a string`)
}

/** @throws {KeyError} ERR_OPTIONS */
export function optional(value: unknown, name: string): string | undefined {
  return value === undefined || value === null ? undefined : string(value, name)
}

/** @throws {KeyError} ERR_OPTIONS */
export function wholeSeconds(value: unknown, name: string, most: number): number {
  if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most) return Number(value)
  throw new KeyError('ERR_OPTIONS', `${name} must be whole seconds, 0 to ${most}`)
}

/** A limit that is misspelt would be no limit, and a misspelt filter no filter. @throws {KeyError} ERR_OPTIONS */
export function onlyKnown(given: object | undefined, what: string, names: readonly string[]): void {
  const unknown = Object.keys(given ?? {}).find(name => !names.includes(name))
  if (unknown !== undefined) throw new KeyError('ERR_OPTIONS', `${what} has no ${unknown}: it has ${names.join(', ')}`)
}

/** Options of a call, with these names and no others. @throws {KeyError} ERR_OPTIONS */
export function chosen(options: unknown, what: string, names: readonly string[]): void {
  object(options, 'options')
  onlyKnown(options as object, what, names)
}

/** Null is what a database holds of a batch that nobody approved: refused, and not taken for no demand. @throws {KeyError} ERR_OPTIONS */
export function approval(approved: unknown): string | undefined {
  return approved === undefined ? undefined : string(approved, 'approved')
}

/** What `create` takes besides the payout. @throws {KeyError} ERR_OPTIONS */
export function sending(options: { signal?: AbortSignalLike | undefined }): AbortSignalLike | undefined {
  chosen(options, 'create', ['signal'])
  return abortSignal(options.signal)
}

/** @throws {KeyError} ERR_OPTIONS */
export function abortSignal(signal: AbortSignalLike | undefined): AbortSignalLike | undefined {
  const { aborted, addEventListener, removeEventListener } = signal ?? {}
  const listens = typeof addEventListener === 'function' && typeof removeEventListener === 'function'
  if (signal === undefined || (typeof aborted === 'boolean' && listens)) return signal
  throw new KeyError('ERR_OPTIONS', 'signal must be an AbortSignal, such as the signal of an AbortController')
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
