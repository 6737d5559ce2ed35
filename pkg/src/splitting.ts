/** How lists of payees become batches, for every provider. */
import { Earlier, type EarlierRequests, type Part } from './earlier.js'
import { KeyError } from './errors.js'
import { approval } from './options.js'
import { pause } from './pause.js'
import type { SealedFor, SealedRequest } from './sealed.js'
import type { SheetReading } from './sheet-input.js'

/** How a list of payees becomes batches. */
export interface SplitOptions {
  /** Payees per batch; default as many as the limits in force allow. */
  size?: number | undefined
  /** The approval hash that `readSheet` gave for these rows; others are refused. */
  approved?: string | undefined
  /** Requests of this list that were prepared and stored before: each has to come out again, or nothing is prepared. */
  earlier?: EarlierRequests | undefined
}

/** How a sheet becomes batches. */
export interface PrepareSheetOptions extends SplitOptions, SheetReading {
  /** Hears of every batch: payees prepared, and payees in all. */
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined
}

/**
 * The options as the core takes them, and the earlier requests.
 *
 * @param purpose what those must be for
 * @throws {KeyError} ERR_OPTIONS · {BatchError} ERR_SEALED_… for what was stored
 */
export function splitting(
  { size, approved, earlier }: SplitOptions,
  purpose: SealedFor,
): { size: number | undefined; approved: string | undefined; earlier: Earlier } {
  // On the way into the core a fraction is cut off, and what is above 32 bits too.
  if (size !== undefined && !(Number.isInteger(size) && size > 0 && size < 2 ** 32))
    throw new KeyError('ERR_OPTIONS', 'size must be a whole number of payees, at least one')
  return { size, approved: approval(approved), earlier: new Earlier(earlier, purpose) }
}

/**
 * Makes a request of every batch, one after the other with a pause between them, or all at once. Those that were made earlier stay as they are.
 *
 * @throws {BatchError} ERR_LIST_CHANGED
 */
export async function freezeAll<Batch extends { count: number }>(
  batches: Batch[],
  { part, freeze }: { part: (batch: Batch) => Part; freeze: (batch: Batch) => SealedRequest | Promise<SealedRequest> },
  earlier: Earlier,
  { onProgress, atOnce = false }: Pick<PrepareSheetOptions, 'onProgress'> & { atOnce?: boolean },
): Promise<SealedRequest[]> {
  earlier.demand(batches.map(part))
  const total = batches.reduce((sum, batch) => sum + batch.count, 0)
  let done = 0
  const freezeOne = async (batch: Batch) => {
    const request = earlier.get(part(batch).number) ?? (await freeze(batch))
    done += batch.count
    onProgress?.({ done, total })
    return request
  }
  if (atOnce) return everyOne(batches.map(freezeOne))
  const requests: SealedRequest[] = []
  for (const batch of batches) {
    if (requests.length > 0) await pause()
    requests.push(await freezeOne(batch))
  }
  return requests
}

/** Waits for all of them, also when one fails: they use what is freed afterwards. */
async function everyOne<T>(steps: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(steps)
  return Promise.all(steps)
}
