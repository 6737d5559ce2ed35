/** One movement the sandbox was asked for, as it ended. */
export interface LedgerEntry {
  readonly provider: 'wechat' | 'pingpp'
  /** The merchant's number of the single payment. */
  readonly number: string
  /** The merchant's number of the batch it came in; absent for a payment made alone. */
  readonly batch?: string
  /** Whom the money was for, as the request named them. */
  readonly payee: string
  /** Whole fen. */
  readonly amount: number
  /** The provider's own word for how it ended; only `SUCCESS` and `paid` moved money. */
  readonly state: string
}

/** What was really paid: one entry for each movement, so a payment made twice stands here twice. */
export class Ledger {
  readonly #entries: LedgerEntry[] = []

  /** Writes one movement down. */
  record(entry: LedgerEntry): void {
    this.#entries.push(Object.freeze(entry))
  }

  /** Everything so far, oldest first. */
  entries(): LedgerEntry[] {
    return [...this.#entries]
  }
}
