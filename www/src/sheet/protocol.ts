/** What crosses between the page and the worker: small facts, and windows of rows; never a whole file. */
import type {
  Changes,
  FileFormat,
  Fix,
  Limits,
  Locale,
  PayeeType,
  Progress,
  Reading,
  SheetFacts,
  SheetTarget,
  TargetFacts,
} from './contract'

/** The first message of the worker. */
export const READY = 'ready'

export type Severity = 'error' | 'warning'

/** A failure that the page shows; `code` is the package's, `detail` its message. */
export interface Failure {
  code: string
  detail: string
}

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure }

/** All issues that say the same about the same field. */
export interface Kind {
  key: string
  code: string
  severity: Severity
  field: string
  messages: { zh: string; en: string }
  count: number
  /** How many of them carry a certain fix. */
  fixable: number
  fix?: Fix
}

export interface Summary {
  ok: boolean
  count: number
  /** Fen. */
  total: number
  errors: number
  warnings: number
  /** Rows with at least one. */
  errorRows: number
  warningRows: number
  issueRows: number
}

/** What the page knows of an open file. A new `generation` means that rows fetched before are stale. */
export interface Snapshot {
  generation: number
  facts: SheetFacts
  rowCount: number
  /** Missing while the columns are not settled. */
  summary?: Summary
  kinds: Kind[]
  blocked?: Failure
  changes: number
  undoable: boolean
}

/** Which rows, or which issues, are looked at. */
export interface Filter {
  rows: 'all' | 'issues' | Severity | 'changed'
  kind?: string
}

export interface Mark {
  /** Index of the issue in the report. */
  id: number
  column?: string
  field: string
  code: string
  severity: Severity
  messages: { zh: string; en: string }
  fix?: Fix
}

export interface Row {
  /** The number that the sheet shows. */
  row: number
  cells: string[]
  marks: Mark[]
  /** Letters of the columns that were edited. */
  changed: string[]
}

export interface RowWindow {
  generation: number
  from: number
  rows: Row[]
}

export interface IssueEntry extends Mark {
  row?: number
}

export interface IssueWindow {
  generation: number
  from: number
  total: number
  issues: IssueEntry[]
}

export interface Bin {
  /** Fen, from inclusive, to exclusive. */
  from: number
  to: number
  count: number
  /** Fen. */
  sum: number
}

export interface Amounts {
  bins: Bin[]
  unreadable: number
}

export interface Change {
  row: number
  column: string
  before: string
  after: string
  /** Changes that were made at once share it, and are undone at once. */
  step: number
}

export interface Approval {
  hash: string
  count: number
  total: number
}

export interface SealedFile {
  bytes: Uint8Array<ArrayBuffer>
  names: number
  rows: number
}

export type Download = 'csv' | 'xlsx' | 'report-csv' | 'report-xlsx'

export interface OpenRequest extends Reading {
  file: Blob
  target: SheetTarget
  type?: PayeeType
  locale: Locale
  limits: Limits
}

/** The worker as the page sees it. */
export interface SheetWorker {
  targets(): Promise<TargetFacts[]>
  template(target: SheetTarget, format: FileFormat, locale: Locale): Promise<Result<Uint8Array<ArrayBuffer>>>
  open(request: OpenRequest, onProgress: (progress: Progress) => void): Promise<Result<Snapshot>>
  reread(reading: Reading, onProgress: (progress: Progress) => void): Promise<Result<Snapshot>>
  compare(against: Blob | undefined, onProgress: (progress: Progress) => void): Promise<Result<Snapshot>>
  configure(changes: Changes): Promise<Result<Snapshot>>
  viewCount(filter: Filter): Promise<number>
  rows(filter: Filter, from: number, count: number): Promise<RowWindow>
  /** Index in the view of the row that the sheet shows as `row`; -1 when it is not in it. */
  locate(filter: Filter, row: number): Promise<number>
  /** The nearest issue in a row after (or before) this one. */
  neighbour(row: number, direction: 1 | -1): Promise<IssueEntry | undefined>
  issues(filter: Filter, from: number, count: number): Promise<IssueWindow>
  edit(row: number, column: string, text: string): Promise<Result<Snapshot>>
  fix(generation: number, id: number): Promise<Result<Snapshot>>
  fixKind(generation: number, key: string): Promise<Result<Snapshot>>
  undo(): Promise<Result<Snapshot>>
  changes(from: number, count: number): Promise<Change[]>
  amounts(): Promise<Amounts>
  approve(): Promise<Result<Approval>>
  seal(
    key: { id: string; publicKey: string },
    onProgress: (done: number, total: number) => void,
  ): Promise<Result<SealedFile>>
  download(what: Download, locale: Locale): Promise<Result<Uint8Array<ArrayBuffer>>>
  close(): Promise<void>
}
