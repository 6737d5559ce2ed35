/**
 * The WebAssembly module for XLSX and encodings: another one than the core, fetched when the first such file arrives.
 * It knows no rules. It turns bytes into a grid, which the core reads, and back.
 */
import type * as wasm from '../wasm/files.js'
import { boundary, type Declared } from './boundary.js'
import type { Bytes } from './types.js'

/** Everything the module exports that this package uses. */
export interface Files {
  /** @throws ERR_SHEET_FORMAT */
  readXlsx(bytes: Uint8Array, worksheet?: string): { grid: Bytes; worksheet: string; worksheets: string[] }
  writeXlsx(grid: Uint8Array, name: string): Bytes
  /** UTF-8 bytes. @throws ERR_SHEET_FORMAT */
  decode(bytes: Uint8Array, encoding: 'gb18030'): Bytes
  decide(bytes: Uint8Array): { encoding: 'utf-8' | 'gb18030'; confident: boolean }
}

type Module = typeof wasm

let load: (() => Promise<Module>) | undefined
let loaded: Promise<Files> | undefined

/** Called once, by the entry: how this host gets the module. Nothing is loaded yet. */
export function useFiles(loader: () => Promise<Module>): void {
  load = loader
}

/** The module, loaded by the first call. A load that failed, say because the network was down, is tried again. */
export function files(): Promise<Files> {
  loaded ??= start().catch(error => {
    loaded = undefined
    throw error
  })
  return loaded
}

async function start(): Promise<Files> {
  if (!load) throw new Error('import payseal/sheet: it says how this host loads the module for files')
  // The compiler compares what Rust exports with what is written above.
  const declared = (await load()) as unknown as Declared<Files>
  const { guard } = boundary(
    'the WebAssembly module for files has stopped after an internal fault and is not used again: restart the process or reload the page',
  )
  return guard(declared as Files)
}
