/**
 * The WebAssembly module for XLSX and encodings: another one than the core, fetched when the first such file arrives.
 * It knows no rules. It turns bytes into a grid, which the core reads, and back.
 */
import type * as wasm from '../wasm/files.js'
import { boundary, type Declared } from './boundary.js'
import { KeyError } from './errors.js'
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

type Module = typeof wasm

let load: (() => Promise<Module>) | undefined
let loaded: Promise<Files> | undefined

/** Called once, by the entry: how this host gets the module. Nothing is loaded yet. */
export function useFiles(loader: () => Promise<Module>): void {
  load = loader
}

/**
 * The module, loaded by the first call. A load that failed, say because the network was down, is tried again.
 *
 * @throws {KeyError} ERR_ENGINE_UNAVAILABLE where no entry said how to load it
 */
export function files(): Promise<Files> {
  loaded ??= start().catch(error => {
    loaded = undefined
    throw error
  })
  return loaded
}

async function start(): Promise<Files> {
  if (!load)
    throw new KeyError(
      'ERR_ENGINE_UNAVAILABLE',
      "this host reads XLSX and GB18030 with a module that has to be part of the program: import 'payseal/sheet' in it",
    )
  // The compiler compares what Rust exports with what is written above.
  const declared: Declared<Files> = await load()
  const { guard } = boundary(
    'the WebAssembly module for files has stopped after an internal fault and is not used again: restart the process or reload the page',
  )
  return guard(declared as Files)
}
