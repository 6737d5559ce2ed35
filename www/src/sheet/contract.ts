/** What the panel uses of `payseal/sheet`, in one place. Types only. */
import type { Issue as CoreIssue } from 'payseal'

export type PingppChannel = 'alipay' | 'unionpay' | 'wx' | 'wx_pub' | 'wx_lite' | 'allinpay' | 'jdpay' | 'balance'
export type SheetTarget = 'wechat-batch' | 'wechat-bill' | `pingpp:${PingppChannel}`
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'
export type Separator = ',' | '\t' | ';'
export type AmountUnit = 'yuan' | 'fen'
export type Locale = 'zh' | 'en'
export type Fix = 'trim' | 'halfwidth'
export type FileFormat = 'csv' | 'xlsx'

export type Issue = CoreIssue & { fix?: Fix }

export interface Progress {
  phase: 'read' | 'decode' | 'check'
  done: number
  total?: number
}

/** How the bytes are read; what is left out is detected. */
export interface Reading {
  encoding?: Encoding
  separator?: Separator
  worksheet?: string
}

export interface SheetOptions extends Reading {
  target: SheetTarget
  locale?: Locale
  amountUnit?: AmountUnit
  columns?: Record<string, string>
  against?: Blob
  onProgress?: (progress: Progress) => void
}

export interface SheetFacts {
  format: FileFormat
  encoding: string
  separator?: string
  worksheet?: string
  worksheets?: string[]
  headers: string[]
  columns: Record<string, string>
  missing: string[]
  amountUnit?: AmountUnit
}

export interface SheetReport extends SheetFacts {
  ok: boolean
  issues: Issue[]
  count: number
  /** Fen. */
  total: number
}

export interface Sheet extends SheetReport {
  rows: Record<string, unknown>[]
  hash: string
}

export interface Changes {
  target?: SheetTarget
  columns?: Record<string, string>
  amountUnit?: AmountUnit
  locale?: Locale
}

/** A file held open in the memory of the core. */
export interface OpenSheet {
  readonly rowCount: number
  facts(): SheetFacts
  check(): SheetReport
  result(): Sheet
  configure(changes: Changes): void
  cells(from: number, count: number): { row: number; cells: string[] }[]
  edit(row: number, column: string, text: string): void
  applyFix(issue: Issue): void
  toCsv(): Uint8Array
  toXlsx(): Promise<Uint8Array>
  issueReport(format: FileFormat): Promise<Uint8Array>
  free(): void
}

export interface TargetColumn {
  field: string
  label: { zh: string; en: string }
  required: boolean
  amount: boolean
}

export interface TargetFacts {
  target: SheetTarget
  columns: TargetColumn[]
}
