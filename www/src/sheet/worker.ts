/** The worker: everything that reads or checks a file runs here. */
import { expose, transfer } from 'comlink'
import type { FileFormat, Locale, OpenSheet } from './contract'
import { sheetTargets, sheetTemplate } from './core'
import { type Download, READY, type Result, type SealedFile, type SheetWorker, type Snapshot } from './protocol'
import { sealedRows } from './sealing'
import { attempt, Session } from './session'

let session: Session | undefined

function current(): Session {
  if (!session) throw Object.assign(new Error('no file is open'), { code: 'ERR_NO_FILE' })
  return session
}

/** Runs a step on the open file and answers with its new state. */
function step(run: (session: Session) => void | Promise<void>): Promise<Result<Snapshot>> {
  return attempt(async () => {
    await run(current())
    return current().snapshot
  })
}

/** Of this generation only: issue numbers of another one name other issues. */
function of(generation: number, run: (session: Session) => Promise<void>): Promise<Result<Snapshot>> {
  return step(session => (session.snapshot.generation === generation ? run(session) : undefined))
}

async function bytesOf(sheet: OpenSheet, what: Download): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await {
    csv: () => sheet.toCsv(),
    xlsx: () => sheet.toXlsx(),
    'report-csv': () => sheet.issueReport('csv'),
    'report-xlsx': () => sheet.issueReport('xlsx'),
  }[what]()
  return bytes as Uint8Array<ArrayBuffer>
}

function handOver<T>(result: Result<T>, bytes: (value: T) => Uint8Array<ArrayBuffer>): Result<T> {
  return result.ok ? transfer(result, [bytes(result.value).buffer]) : result
}

const same = (bytes: Uint8Array<ArrayBuffer>) => bytes

const api: SheetWorker = {
  targets: async () => sheetTargets(),
  template: async (target, format: FileFormat, locale: Locale) =>
    handOver(await attempt(async () => (await sheetTemplate(target, format, locale)) as Uint8Array<ArrayBuffer>), same),
  open: ({ file, ...options }, onProgress) =>
    attempt(async () => {
      const opened = await Session.open(file, { ...options, onProgress })
      session?.close()
      session = opened
      return session.snapshot
    }),
  reread: (reading, onProgress) => step(session => session.reread(reading, onProgress)),
  compare: (against, onProgress) => step(session => session.compare(against, onProgress)),
  configure: changes => step(session => session.configure(changes)),
  viewCount: async filter => session?.viewCount(filter) ?? 0,
  rows: async (filter, from, count) => session?.rows(filter, from, count) ?? { generation: 0, from, rows: [] },
  locate: async (filter, row) => session?.locate(filter, row) ?? -1,
  neighbour: async (row, direction) => session?.neighbour(row, direction),
  issues: async (filter, from, count) =>
    session?.issues(filter, from, count) ?? { generation: 0, from, total: 0, issues: [] },
  edit: (row, column, text) => step(session => session.edit(row, column, text)),
  fix: (generation, id) => of(generation, session => session.fix(id)),
  fixKind: (generation, key) => of(generation, session => session.fixKind(key)),
  undo: () => step(session => session.undo()),
  changes: async (from, count) => session?.changes(from, count) ?? [],
  amounts: async () => session?.amounts() ?? { bins: [], unreadable: 0 },
  approve: () => attempt(() => current().approve()),
  seal: async (key, onProgress) =>
    handOver(await attempt(() => sealedRows(current(), key, onProgress)), (file: SealedFile) => file.bytes),
  download: async (what, locale) => {
    const made = attempt(async () => {
      const { sheet } = current()
      // Only the language of the reasons: what was found stays as it is.
      if (what.startsWith('report')) await sheet.configure({ locale })
      return bytesOf(sheet, what)
    })
    return handOver(await made, same)
  },
  close: async () => {
    session?.close()
    session = undefined
  },
}

expose(api)
// The core starts while this module is evaluated; what is posted before this line is lost.
postMessage(READY)
