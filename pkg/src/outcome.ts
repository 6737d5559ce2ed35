/** What became of a payment request. The core decides; here is only made sure that nothing unclear looks like a clear answer. */
import { PayoutError, ProviderError, SignatureError } from './errors.js'
import type { NextStep, OutcomeKind, Reply } from './types.js'

/** What became of a create. Anything but a verified yes or a clear no is `unknown`. */
export type Outcome<Data = unknown> = OutcomeFacts &
  (
    | { outcome: 'accepted'; reply: Reply<Data>; error?: undefined }
    | { outcome: 'rejected'; error: ProviderError; reply?: undefined }
    /** Without `error` where what was thrown was none of ours, say by a `fetch` of the caller's. */
    | { outcome: 'unknown'; error?: PayoutError; reply?: undefined }
  )

/** What every outcome says. */
export interface OutcomeFacts {
  /** What to do now. `unknown` never allows a new number. */
  next: NextStep
  /** The number that was sent: query and retry with this one. */
  number: string
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
    const { requestId } = reply
    const decided = decide({ status: reply.status, verified: true })
    // The core says `accepted` of a verified reply, and of nothing else.
    return { ...decided, number, reply, ...(requestId && { requestId }) } as Outcome<Data>
  } catch (error) {
    return failed(number, error, decide)
  }
}

/** The request may have left: whatever went wrong, a clear refusal by the provider is the only thing that is not `unknown`. */
function failed(number: string, thrown: unknown, decide: Decide): Outcome<never> {
  const unknown = { outcome: 'unknown', next: 'query', number } as const
  if (!(thrown instanceof PayoutError)) return unknown
  if (!(thrown instanceof ProviderError)) return { ...unknown, error: thrown }
  const { status, providerCode: code, param, type, requestId, retryAfterMs } = thrown
  let decided: ReturnType<Decide> = unknown
  try {
    decided = decide({ status, code, param, type, verified: false })
  } catch {
    // The core has panicked since: still unknown, still to be queried.
  }
  return {
    ...decided,
    number,
    error: thrown,
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  } as Outcome<never>
}

/** A signature proves who answered, not what to: an answer about something else is none. */
export function mismatch(): SignatureError {
  return new SignatureError('ERR_REPLY_MISMATCH', 'the reply does not answer what was asked: do not trust it')
}
