/** Sheets → rows and issues, cell-exact. */
import { type CoreSheet, core } from './core.js'
import { KeyError } from './errors.js'
import { files } from './files.js'
import {
  checkPassing,
  readBytes,
  readInput,
  type SheetInput,
  type SheetProgress,
  type SheetPurpose,
  type SheetReading,
  type SheetSource,
  type SheetTarget,
} from './sheet-input.js'
import type { Bytes, Issue, Locale, Rule } from './types.js'

export type { ByteFile, ByteStream, SheetInput, SheetProgress, SheetSource, SheetTarget } from './sheet-input.js'

/** How to read a sheet, and what for. */
export interface SheetOptions extends SheetReading, SheetPurpose {
  /** Another file: payments that stand in both are warned about. Read with the same options. */
  against?: SheetInput | undefined
  onProgress?: ((progress: SheetProgress) => void) | undefined
}

/** What is known of a sheet before its rows are looked at. */
export interface SheetFacts extends SheetSource {
  separator?: string
  headers: string[]
  /** Field → column letter. */
  columns: Record<string, string>
  /** Required fields that no column holds. */
  missing: string[]
  amountUnit?: 'yuan' | 'fen'
}

/** What is wrong in which cell. */
export interface SheetReport extends SheetFacts {
  /** Whether nothing stops it. */
  ok: boolean
  /** Rows, without blank ones. */
  count: number
  /** Fen, of the amounts that can be read. */
  total: number
  /** In row order. `path` is a cell such as C17, `row` the number that the sheet shows. */
  issues: Issue[]
}

/** A sheet that was read. */
export interface Sheet<Row = Record<string, unknown>> extends SheetReport {
  /** As the provider names the fields; amounts in fen. */
  rows: Row[]
  /** The approval hash: SHA-256 over the version of the rules, count, total and every row, hex. */
  hash: string
}

/**
 * Reads a sheet: CSV in UTF-8, UTF-16 or GB18030, or XLSX, told by its content.
 *
 * @throws {BatchError} ERR_SHEET_FORMAT, ERR_SHEET_COLUMNS, ERR_SHEET_TOO_LARGE when nothing can be read; anything else is an issue in a cell
 * @throws {KeyError} ERR_OPTIONS
 */
export async function readSheet<Row = Record<string, unknown>>(
  input: SheetInput,
  options: SheetOptions,
): Promise<Sheet<Row>> {
  return using(input, options, sheet => sheet.result<Row>())
}

/**
 * Checks a sheet without giving its rows: the fastest way to know what is wrong in it.
 *
 * @throws as `readSheet`
 */
export async function checkSheet(input: SheetInput, options: SheetOptions): Promise<SheetReport> {
  demandOptions(options)
  const { against, ...reading } = options
  if (against !== undefined) return using(input, options, sheet => sheet.check())
  const bytes = await readBytes(input, reading)
  const passed = checkPassing(bytes, reading)
  return passed ? { ...passed.source, ...withIssues(passed.json) } : using(bytes, options, sheet => sheet.check())
}

async function using<T>(input: SheetInput, options: SheetOptions, step: (sheet: OpenSheet) => T): Promise<T> {
  const sheet = await openSheet(input, options)
  try {
    options?.onProgress?.({ phase: 'check', done: 0, total: sheet.rowCount })
    return step(sheet)
  } finally {
    sheet.free()
  }
}

/**
 * Opens a sheet to look at it, correct it and check it again. Columns may still be missing: `facts` says which.
 *
 * @throws as `readSheet`, but for missing columns
 */
export async function openSheet(input: SheetInput, options: SheetOptions): Promise<OpenSheet> {
  demandOptions(options)
  const { against, ...reading } = options
  const { sheet, source } = await readInput(input, reading)
  const { target, type, limits, locale, columns, amountUnit } = reading
  const open = new OpenSheet(sheet, source, { target, type, limits, locale, columns, amountUnit })
  if (against === undefined) return open
  try {
    const other = await readInput(against, { ...reading, worksheet: undefined, onProgress: undefined })
    try {
      sheet.against(other.sheet)
    } finally {
      other.sheet.free()
    }
    return open
  } catch (error) {
    open.free()
    throw error
  }
}

function demandOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null)
    throw new KeyError('ERR_OPTIONS', "say what the sheet is for: { target: 'wechat-batch' }")
}

type Settings = SheetPurpose & Pick<SheetReading, 'columns' | 'amountUnit'>

/** A sheet in the memory of the core: call `free` when it is no longer needed. */
export class OpenSheet {
  #inside: CoreSheet | undefined
  readonly #source: SheetSource
  #settings: Settings

  /** Use `openSheet`. */
  constructor(sheet: CoreSheet, source: SheetSource, settings: Settings) {
    this.#inside = sheet
    this.#source = source
    this.#settings = settings
  }

  get #sheet(): CoreSheet {
    if (this.#inside) return this.#inside
    throw new KeyError('ERR_OPTIONS', 'this sheet was freed: open it again')
  }

  /** Rows below the header, without blank ones. */
  get rowCount(): number {
    return this.#sheet.rowCount
  }

  facts(): SheetFacts {
    return { ...this.#source, ...JSON.parse(this.#sheet.facts()) }
  }

  /** @throws {BatchError} ERR_SHEET_COLUMNS while a required column or the unit is missing */
  check(): SheetReport {
    return { ...this.#source, ...withIssues(this.#sheet.check()) }
  }

  /** @throws as `check` */
  result<Row = Record<string, unknown>>(): Sheet<Row> {
    return { ...this.#source, ...withIssues<Sheet<Row>>(this.#sheet.result()) }
  }

  /**
   * Changes what the sheet is for or which column is what. What is refused changes nothing.
   *
   * @throws {KeyError} ERR_OPTIONS · {BatchError} ERR_SHEET_COLUMNS
   */
  configure(changes: Partial<Settings>): void {
    const settings = { ...this.#settings, ...changes }
    this.#sheet.configure(settings)
    this.#settings = settings
  }

  /** The texts of `count` rows from the one at `from` on, which counts from 0 below the header. `row` is the number that the sheet shows. */
  cells(from: number, count: number): { row: number; cells: string[] }[] {
    return JSON.parse(this.#sheet.cells(from, count))
  }

  /**
   * Replaces the text of a cell.
   *
   * @param row the number that the sheet shows
   * @param column its letter
   * @throws {KeyError} ERR_OPTIONS when there is no such cell
   */
  edit(row: number, column: string, text: string): void {
    this.#sheet.edit(row, column, text)
  }

  /** Makes the correction that an issue offers. @throws {KeyError} ERR_OPTIONS when it offers none */
  applyFix(issue: Pick<Issue, 'row' | 'column' | 'fix'>): void {
    const { row, column, fix } = issue
    if (row === undefined || column === undefined || fix === undefined)
      throw new KeyError('ERR_OPTIONS', 'this issue offers no correction')
    this.#sheet.applyFix(row, column, fix)
  }

  /** The sheet as it stands now: CSV in UTF-8 with a byte order mark. Nothing in it is run as a formula. */
  toCsv(): Bytes {
    return this.#sheet.export(true)
  }

  /** The same as XLSX; every cell is text, so that no spreadsheet changes it. */
  async toXlsx(): Promise<Bytes> {
    return (await files.get()).writeXlsx(this.#sheet.export(false), 'payouts')
  }

  /** The sheet with what is wrong beside each row. @throws as `check` */
  async issueReport(format: 'csv' | 'xlsx'): Promise<Bytes> {
    if (format === 'csv') return this.#sheet.exportIssues(true)
    return (await files.get()).writeXlsx(this.#sheet.exportIssues(false), 'issues')
  }

  /** Gives its memory back; whatever is asked of it afterwards is refused. */
  free(): void {
    this.#inside?.free()
    this.#inside = undefined
  }
}

/** The core says what the issues of a kind have in common once. */
function withIssues<Report extends SheetReport>(json: string): Report {
  type Place = [kind: number, path: string, row: number | null, column: string | null]
  const { kinds, issues, ...report }: { kinds: Issue[]; issues: Place[] } = JSON.parse(json)
  const whole = issues.map(([kind, path, row, column]) => {
    const issue = { ...(kinds[kind] as Issue), path }
    if (row !== null) issue.row = row
    if (column !== null) issue.column = column
    return issue
  })
  return { ...report, issues: whole } as unknown as Report
}

/** An empty sheet with the headers of a target. @throws {KeyError} ERR_OPTIONS */
export async function sheetTemplate(
  target: SheetTarget,
  format: 'csv' | 'xlsx',
  locale: Locale = 'zh',
): Promise<Bytes> {
  if (format === 'csv') return core.sheetTemplate(target, locale, true)
  return (await files.get()).writeXlsx(core.sheetTemplate(target, locale, false), 'payouts')
}

/** One target and the columns it knows. */
export interface SheetTargetInfo {
  target: SheetTarget
  columns: { field: string; label: { zh: string; en: string }; required: boolean; amount: boolean }[]
}

/** Every target with its columns. */
export function sheetTargets(): SheetTargetInfo[] {
  return JSON.parse(core.sheetTargets())
}

/** The rules about sheets themselves: what spreadsheets do to values. */
export function sheetRules(): Rule[] {
  return core.sheetRules()
}
