/** A sheet as it comes — bytes, a file, a stream — and into the core. */
import { asBytes } from './bytes.js'
import { type CorePassingSheet, type CoreSheet, type CoreSheetText, core } from './core.js'
import { BatchError, KeyError, PayoutError } from './errors.js'
import { files } from './files.js'
import type { PingppLimits } from './pingpp/types.js'
import type { AbortSignalLike, Bytes, Locale, WechatLimits } from './types.js'

/** What a sheet may be for. */
export type SheetTarget =
  | 'wechat-batch'
  | 'wechat-bill'
  | `pingpp:${'alipay' | 'unionpay' | 'wx' | 'wx_pub' | 'wx_lite' | 'allinpay' | 'jdpay' | 'balance'}`

/** The part of `ReadableStream` that is used. */
export interface ByteStream {
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>
    cancel(reason?: unknown): Promise<void>
  }
}

/** The part of `Blob` and `File` that is used. */
export interface ByteFile {
  readonly size: number
  stream(): ByteStream
}

/** Bytes, a file, or a stream of bytes. */
export type SheetInput = Uint8Array | ArrayBuffer | ByteFile | ByteStream

/** How a file becomes cells. */
export interface SheetReading {
  /** What an amount cell holds; needed only where the header does not say it. */
  amountUnit?: 'yuan' | 'fen' | undefined
  /** Default: told from the bytes. */
  encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | undefined
  /** Default: told from the first line. */
  separator?: ',' | '\t' | ';' | undefined
  /** Field → column letter; goes before the header. */
  columns?: Record<string, string> | undefined
  /** Of an XLSX; default the first visible one. */
  worksheet?: string | undefined
  /** Most bytes that are read; default 64 MiB. */
  maxBytes?: number | undefined
  signal?: AbortSignalLike | undefined
}

/** What a sheet is read for. */
export interface SheetPurpose {
  target: SheetTarget
  /** Default zh. */
  locale?: Locale | undefined
  limits?: WechatLimits | PingppLimits | undefined
  /** Of a Ping++ target: whether persons (b2c, the default) or companies (b2b) are paid; allinpay wants to know more of companies. */
  type?: 'b2c' | 'b2b' | undefined
}

/** How far reading has come: in bytes, or in rows where a sheet is checked that was read before. */
export interface SheetProgress {
  phase: 'read' | 'decode' | 'check'
  done: number
  total?: number
}

/** What the file turned out to be. */
export interface SheetSource {
  format: 'csv' | 'xlsx'
  encoding: string
  worksheet?: string
  worksheets?: string[]
  /** Columns that the worksheet hides, from 0. */
  hiddenColumns?: number[]
}

const most = 64 * 2 ** 20

type Reading = SheetReading & SheetPurpose & { onProgress?: ((progress: SheetProgress) => void) | undefined }

/** All the bytes of a sheet. */
export async function readBytes(input: SheetInput, { maxBytes, signal, onProgress }: Reading): Promise<Bytes> {
  return collect(input, { maxBytes: maxBytes ?? most, signal, onProgress })
}

/** What is wrong in a text, told while it passes through the core; nothing where only the whole sheet can tell. */
export function checkPassing(bytes: Bytes, options: Reading): { json: string; source: SheetSource } | undefined {
  const { encoding: given, separator, worksheet, maxBytes, signal, onProgress, ...rest } = options
  // Also where an encoding is insisted on: what is no sheet is refused.
  const kind = core.sniffSheet(bytes.subarray(0, core.sheetSample()))
  const encoding = given ?? kind
  if (kind === 'xlsx' || encoding === 'doubtful' || encoding === 'gb18030') return undefined
  const sheet = new core.PassingSheet(encoding, separator, bytes.length, rest)
  const pushed = (done: number) => onProgress?.({ phase: 'check', done, total: bytes.length })
  try {
    do {
      if (!pushAll(sheet, bytes, pushed)) return undefined
    } while (sheet.again())
    const json = sheet.finish()
    return json === undefined ? undefined : { json, source: { format: 'csv', encoding } }
  } finally {
    sheet.free()
  }
}

/** The sheet inside the core, which the caller frees. */
export async function readInput(
  input: SheetInput,
  options: Reading,
): Promise<{ sheet: CoreSheet; source: SheetSource }> {
  const { encoding, separator, worksheet, maxBytes, signal, onProgress, ...rest } = options
  const bytes = await readBytes(input, options)
  onProgress?.({ phase: 'decode', done: 0, total: bytes.length })
  const kind = core.sniffSheet(bytes.subarray(0, core.sheetSample()))
  if (kind === 'xlsx') {
    const { grid, ...found } = (await files.get()).readXlsx(bytes, worksheet)
    return { sheet: core.Sheet.fromGrid(grid, rest), source: { format: 'xlsx', encoding: 'utf-8', ...found } }
  }
  const fromText = (text: Bytes, from: string, name = from) => ({
    sheet: core.Sheet.fromText(decoded(text, from), separator, rest),
    source: { format: 'csv', encoding: name } as const,
  })
  const fromGb18030 = async () => fromText((await files.get()).decode(bytes, 'gb18030'), 'utf-8', 'gb18030')
  if (encoding !== undefined) return encoding === 'gb18030' ? fromGb18030() : fromText(bytes, encoding)
  if (kind !== 'doubtful') {
    try {
      return fromText(bytes, kind)
    } catch (error) {
      // What its first bytes promised may not hold to the end.
      if (kind !== 'utf-8' || !(error instanceof PayoutError) || error.code !== 'ERR_SHEET_FORMAT') throw error
    }
  }
  const decided = (await files.get()).decide(bytes)
  return decided.encoding === 'gb18030' ? fromGb18030() : fromText(bytes, 'utf-8')
}

/** In pieces, which the core is quicker with and needs no second copy for. */
const piece = 64 * 2 ** 10

/** False if the core does not want more of it. */
function pushAll(text: CoreSheetText | CorePassingSheet, bytes: Bytes, pushed?: (done: number) => void): boolean {
  for (let at = 0; at < bytes.length; ) {
    const taken = text.push(bytes.subarray(at, at + piece), at + piece >= bytes.length)
    if (taken === undefined) return false
    at += taken
    pushed?.(at)
  }
  return true
}

function decoded(bytes: Bytes, encoding: string): CoreSheetText {
  const text = new core.SheetText(encoding, bytes.length)
  try {
    pushAll(text, bytes)
    return text
  } catch (error) {
    text.free()
    throw error
  }
}

interface Collecting {
  maxBytes: number
  signal: AbortSignalLike | undefined
  onProgress: ((progress: SheetProgress) => void) | undefined
}

/** All the bytes, but never more than allowed: a stream is left as soon as it exceeds that. */
async function collect(input: SheetInput, { maxBytes, signal, onProgress }: Collecting): Promise<Bytes> {
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1)
    throw new KeyError('ERR_OPTIONS', 'maxBytes must be a whole number of bytes')
  const bytes = asBytes(input)
  if (bytes) {
    if (bytes.length > maxBytes) throw tooLarge()
    return bytes
  }
  const file = input as Partial<ByteFile> | undefined | null
  const size = typeof file?.size === 'number' ? file.size : undefined
  if (size !== undefined && size > maxBytes) throw tooLarge()
  const stream = typeof file?.stream === 'function' ? file.stream() : (input as Partial<ByteStream> | undefined | null)
  if (typeof stream?.getReader !== 'function') {
    throw new BatchError(
      'ERR_SHEET_FORMAT',
      'pass the bytes of the file, a File or a stream, not its text: the encoding is told from the bytes',
    )
  }
  const reader = stream.getReader()
  const pieces: Uint8Array[] = []
  let length = 0
  for (;;) {
    if (signal?.aborted) {
      await reader.cancel()
      throw new PayoutError('ERR_ABORTED', 'reading the sheet was stopped by its signal')
    }
    const { done, value } = await reader.read()
    if (done || !value) break
    length += value.length
    if (length > maxBytes) {
      await reader.cancel()
      throw tooLarge()
    }
    pieces.push(value)
    onProgress?.({ phase: 'read', done: length, ...(size !== undefined && { total: size }) })
  }
  const all = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

function tooLarge(): BatchError {
  return new BatchError('ERR_SHEET_TOO_LARGE', 'the sheet is larger than maxBytes allows: split it')
}
