/**
 * The WebAssembly module for XLSX and encodings, fetched when the first such file arrives. It knows no rules: it turns bytes into a grid,
 * which the core reads, and back.
 */
import { type SideModule, sideModule } from './side-module.js'
import type { Bytes } from './types.js'

/** One worksheet of a workbook. */
export interface Workbook {
  /** The cells, in the form that the core reads. */
  grid: Bytes
  /** Which worksheet they come from. */
  worksheet: string
  /** All of them, in the order of their tabs; the hidden ones too. */
  worksheets: string[]
  /** From 0, as far as the sheet has cells. */
  hiddenColumns: number[]
}

/** Everything the module exports that this package uses. */
export interface Files {
  /** One worksheet: the one named, or else the first that is visible. @throws ERR_SHEET_FORMAT, ERR_SHEET_TOO_LARGE */
  readXlsx(bytes: Uint8Array, worksheet?: string): Workbook
  /** A workbook of one worksheet, its first row the header. @throws ERR_SHEET_FORMAT, ERR_SHEET_TOO_LARGE */
  writeXlsx(grid: Uint8Array, name: string): Bytes
  /** As UTF-8; U+FFFD stands where the bytes are no character. */
  decode(bytes: Uint8Array, encoding: 'gb18030'): Bytes
  /** UTF-8 or GB18030, by what the text looks like; not `confident` where the other could be meant. */
  decide(bytes: Uint8Array): { encoding: 'utf-8' | 'gb18030'; confident: boolean }
}

/** The module, as this host gets it. */
export const files: SideModule<Files> = sideModule(
  'files',
  "this host reads XLSX and GB18030 with a module that has to be part of the program: import 'payseal/sheet' in it",
)
