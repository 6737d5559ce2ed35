/** How lists of payees become batches, for every provider. */
import { KeyError } from './errors.js'
import { optional } from './options.js'
import type { SheetReading } from './sheet-input.js'

/** How a list of payees becomes batches. */
export interface SplitOptions {
  /** Payees per batch; default as many as the limits in force allow. */
  size?: number | undefined
  /** The approval hash that `readSheet` gave for these rows; others are refused. */
  approved?: string | undefined
}

/** How a sheet becomes batches. */
export interface PrepareSheetOptions extends SplitOptions, SheetReading {
  /** Hears of every batch: payees prepared, and payees in all. */
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined
}

/** The options as the core takes them. @throws {KeyError} ERR_OPTIONS */
export function splitting({ size, approved }: SplitOptions): {
  size: number | undefined
  approved: string | undefined
} {
  // On the way into the core a fraction is cut off, and what is above 32 bits too.
  if (size !== undefined && !(Number.isInteger(size) && size > 0 && size < 2 ** 32))
    throw new KeyError('ERR_OPTIONS', 'size must be a whole number of payees, at least one')
  return { size, approved: optional(approved, 'approved') }
}
