/**
 * Requests of a list that were prepared earlier. When the list is prepared again, say after a crash, each of them has to come out again: rows that
 * moved to another number would be paid a second time.
 */
import { BatchError, KeyError } from './errors.js'
import { type SealedFor, SealedRequest, type SealedRequestJson } from './sealed.js'

/** As they are, or as `toJSON` wrote them, as objects or as text. */
export type EarlierRequests = readonly (SealedRequest | SealedRequestJson | string)[]

/** A batch of the list as it is now. */
export interface Part {
  readonly number: string
  /** As sealed requests have it. */
  fingerprint(): string
}

/** The requests, checked. */
export class Earlier {
  readonly #requests: readonly SealedRequest[]

  /**
   * @param purpose what all of them must be for
   * @throws {BatchError} ERR_SEALED_FORMAT, ERR_SEALED_CHANGED, ERR_SEALED_MERCHANT · {KeyError} ERR_OPTIONS
   */
  constructor(given: EarlierRequests | undefined, purpose: SealedFor) {
    if (given !== undefined && !Array.isArray(given))
      throw new KeyError(
        'ERR_OPTIONS',
        'earlier must be an array of sealed requests, as they are or as toJSON wrote them',
      )
    this.#requests = (given ?? []).map(one => (SealedRequest.isSealed(one) ? one : SealedRequest.from(one)))
    for (const request of this.#requests) request.demand(purpose)
  }

  /** @throws {BatchError} ERR_LIST_CHANGED unless each request is one of these batches, with the same content */
  demand(parts: readonly Part[]): void {
    const byNumber = new Map(parts.map(part => [part.number, part]))
    for (const { number, fingerprint } of this.#requests) {
      if (byNumber.get(number)?.fingerprint() !== fingerprint)
        throw new BatchError(
          'ERR_LIST_CHANGED',
          'a batch that was prepared earlier would hold other rows now, so nothing was prepared: pay new rows as a list of their own, under a number of its own',
        )
    }
  }

  /** The request of that number, which is sent again as it is. */
  get(number: string): SealedRequest | undefined {
    return this.#requests.find(request => request.number === number)
  }
}
