/** Error replies: unsigned, sometimes empty, sometimes a web page. */
import { core } from '../core.js'
import { ProviderError, type ProviderErrorFacts } from '../errors.js'
import { requestId, retryAfterMs } from '../headers.js'
import type { Decide } from '../outcome.js'
import type { RawReply } from '../send.js'
import { members } from '../wire.js'

/** What an answer to a create means. */
export const decide: Decide = ({ status, code, verified }) => core.wechatOutcome(status, code, verified)

/** A reply outside 2xx as an error; the values that the provider repeats are left out. */
export function providerError(raw: RawReply, nowMs: number): ProviderError {
  const { code, message, detail } = members(raw.body)
  const providerCode = typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : undefined
  const id = requestId(raw.headers)
  const facts: ProviderErrorFacts = {
    status: raw.status,
    providerCode,
    providerMessage: typeof message === 'string' ? message.slice(0, 512) : undefined,
    requestId: id,
    detail: details(detail),
    outcome: decide({ status: raw.status, code: providerCode, verified: false }).outcome,
    retryAfterMs: retryAfterMs(raw.headers, nowMs),
  }
  const request = id ? ` (Request-ID ${id})` : ''
  return new ProviderError(
    'ERR_PROVIDER',
    `WeChat Pay answered ${raw.status} ${providerCode ?? 'without a code'}${request}`,
    facts,
  )
}

function details(detail: unknown): ProviderErrorFacts['detail'] {
  if (typeof detail !== 'object' || detail === null) return undefined
  const { field, issue, location } = detail as Record<string, unknown>
  const known: NonNullable<ProviderErrorFacts['detail']> = {}
  if (typeof field === 'string') known.field = field.slice(0, 128)
  if (typeof issue === 'string') known.issue = issue.slice(0, 256)
  if (typeof location === 'string') known.location = location.slice(0, 32)
  return Object.keys(known).length > 0 ? known : undefined
}
