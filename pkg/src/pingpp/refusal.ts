/** Error replies: an envelope, or the page of a gateway. */
import { text } from '../bytes.js'
import { core } from '../core.js'
import { ProviderError, type ProviderErrorFacts } from '../errors.js'
import { requestId, retryAfterMs } from '../headers.js'
import type { Decide } from '../outcome.js'
import type { RawReply } from '../send.js'
import { members } from '../wire.js'

/** What an answer to a create means. */
export const decide: Decide = ({ status, code, param, type, verified }) =>
  core.pingppOutcome(status, code, param, type !== undefined, verified)

/** A reply outside 2xx as an error. Without the documented envelope, the status and the beginning of the text are kept. */
export function providerError(raw: RawReply, nowMs: number): ProviderError {
  const { error } = members(raw.body)
  const envelope = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : undefined
  const { type, code, message, param } = envelope ?? {}
  const sentence = envelope ? message : start(raw.body)
  const facts: ProviderErrorFacts = {
    status: raw.status,
    type: matching(type, /^[a-z][a-z0-9_]{0,63}$/),
    providerCode: matching(code, /^[a-z][a-z0-9_]{0,63}$/),
    param: matching(param, /^[A-Za-z][A-Za-z0-9_.[\]]{0,127}$/),
    providerMessage: typeof sentence === 'string' ? sentence.slice(0, 512) : undefined,
    requestId: requestId(raw.headers),
    outcome: 'unknown',
    retryAfterMs: retryAfterMs(raw.headers, nowMs),
  }
  const { status, providerCode, param: named } = facts
  facts.outcome = decide({ status, code: providerCode, param: named, type: facts.type, verified: false }).outcome
  const about = named ? ` about ${named}` : ''
  const what = providerCode ?? facts.type ?? 'without an error envelope'
  return new ProviderError('ERR_PROVIDER', `Ping++ answered ${status} ${what}${about}`, facts)
}

function matching(value: unknown, shape: RegExp): string | undefined {
  return typeof value === 'string' && shape.test(value) ? value : undefined
}

function start(body: Uint8Array): string | undefined {
  try {
    return text(body) || undefined
  } catch {
    return undefined
  }
}
