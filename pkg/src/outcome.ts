/** What became of a payment request. The core decides; here is only made sure that nothing unclear looks like a clear answer. */
import { PayoutError, ProviderError, SignatureError } from './errors.js'
import type { NextStep, OutcomeKind, Reply } from './types.js'

/** What became of a create. Anything but a verified yes or a clear no is `unknown`. */
export interface Outcome<Data = unknown> {
  outcome: OutcomeKind
  /** What to do now. `unknown` never allows a new number. */
  next: NextStep
  /** The number that was sent: query and retry with this one. */
  number: string
  reply?: Reply<Data>
  error?: PayoutError
  requestId?: string
  retryAfterMs?: number
}

/** An answer as the core judges it. */
export interface Answer {
  readonly status: number
  readonly code?: string | undefined
  /** The parameter that the provider objects to. */
  readonly param?: string | undefined
  /** The type of the error, where the provider's own errors have one. */
  readonly type?: string | undefined
  readonly verified: boolean
}

/** A provider's judgement of an answer. */
export type Decide = (answer: Answer) => { outcome: OutcomeKind; next: NextStep }

/**
 * Sends once. Never rejects: what went wrong is in the outcome.
 *
 * @param send resolves only to a reply that answers what was sent
 */
export async function outcomeOf<Data>(
  number: string,
  send: () => Promise<Reply<Data>>,
  decide: Decide,
): Promise<Outcome<Data>> {
  try {
    const reply = await send()
    const decided = decide({ status: reply.status, verified: true })
    return { ...decided, number, reply, ...(reply.requestId && { requestId: reply.requestId }) }
  } catch (error) {
    return failed(number, error, decide)
  }
}

/** The request may have left: whatever went wrong, a clear refusal by the provider is the only thing that is not `unknown`. */
function failed<Data>(number: string, thrown: unknown, decide: Decide): Outcome<Data> {
  const outcome: Outcome<Data> = { outcome: 'unknown', next: 'query', number }
  if (!(thrown instanceof PayoutError)) return outcome
  outcome.error = thrown
  if (!(thrown instanceof ProviderError)) return outcome
  try {
    const { status, providerCode: code, param, type } = thrown
    Object.assign(outcome, decide({ status, code, param, type, verified: false }))
  } catch {
    // The core has panicked since: still unknown, still to be queried.
  }
  if (thrown.requestId !== undefined) outcome.requestId = thrown.requestId
  if (thrown.retryAfterMs !== undefined) outcome.retryAfterMs = thrown.retryAfterMs
  return outcome
}

/** A signature proves who answered, not what to: an answer about something else is none. */
export function mismatch(): SignatureError {
  return new SignatureError('ERR_REPLY_MISMATCH', 'the reply does not answer what was asked: do not trust it')
}
