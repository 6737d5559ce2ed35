/** Sheets → rows and issues, cell-exact. */
import { asBytes } from './bytes.js'
import { core } from './core.js'
import { BatchError } from './errors.js'
import type { Issue, Locale, WechatLimits } from './types.js'

/** How to read a sheet. */
export interface SheetOptions {
  /** What the rows are for. */
  target: 'wechat-batch'
  /** Default zh. */
  locale?: Locale
  /** What an amount cell holds; needed only where the header does not say it. */
  amountUnit?: 'yuan' | 'fen'
  limits?: WechatLimits
}

/** A sheet that was read; `issues` says what is wrong in which cell. */
export interface Sheet<Row = Record<string, unknown>> {
  rows: Row[]
  issues: Issue[]
  count: number
  /** Fen. */
  total: number
  encoding: string
  /** Which column letter holds which field. */
  columns: Record<string, string>
  /** The approval hash: SHA-256 over the version of the rules, count, total and every row, hex. */
  hash: string
}

/**
 * Reads CSV bytes.
 *
 * @throws {BatchError} ERR_SHEET_FORMAT, ERR_SHEET_COLUMNS when nothing can be read; anything else is an issue in a cell
 */
export async function readSheet<Row = Record<string, unknown>>(
  bytes: Uint8Array | ArrayBuffer,
  options: SheetOptions,
): Promise<Sheet<Row>> {
  const input = asBytes(bytes)
  if (!input)
    throw new BatchError('ERR_SHEET_FORMAT', 'pass the bytes of the file, not its text: the encoding is told from them')
  return JSON.parse(core.readSheet(input, options))
}
