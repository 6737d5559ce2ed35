/** Headers of any make → one plain object with lower-case names. */
import type { HeadersInput } from './types.js'

/**
 * Repeated headers are joined with a comma, as HTTP does; a signature that was sent twice then fails to verify.
 *
 * @param input `Headers`, pairs, a plain object in any case, or Node's `req.headers`
 */
export function plainHeaders(input: HeadersInput | null | undefined): Record<string, string> {
  const plain: Record<string, string> = Object.create(null)
  for (const [name, value] of pairs(input)) {
    if (value === undefined || value === null) continue
    const key = String(name).toLowerCase()
    const one = Array.isArray(value) ? value.join(', ') : String(value)
    plain[key] = key in plain ? `${plain[key]}, ${one}` : one
  }
  return { ...plain }
}

function pairs(input: HeadersInput | null | undefined): Iterable<readonly [string, unknown]> {
  if (input === null || input === undefined || typeof input !== 'object') return []
  if (Symbol.iterator in input) return input as Iterable<readonly [string, string]>
  return Object.entries(input)
}

/** `Retry-After` in milliseconds, whether it is given in seconds or as a date. */
export function retryAfterMs(headers: Record<string, string>, nowMs: number): number | undefined {
  const value = headers['retry-after']?.trim()
  if (!value) return undefined
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}

/** `Request-ID`, when it looks like one. */
export function requestId(headers: Record<string, string>): string | undefined {
  const value = headers['request-id']
  return value !== undefined && /^[\x21-\x7e]{1,128}$/.test(value) ? value : undefined
}
