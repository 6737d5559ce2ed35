/** What the page shows, and what can be done to it. Views read the signals and call the functions. */
import { batch, computed, signal } from '@preact/signals'
import { callback, type SheetClient, startWorker } from '../sheet/client'
import type { AmountUnit, PayeeType, Progress, Reading, SheetTarget, TargetFacts } from '../sheet/contract'
import { columnLetters } from '../sheet/letters'
import type { Failure, Filter, Result, Snapshot } from '../sheet/protocol'
import { looksLikePrivateKey } from '../sheet/secrets'
import { locale, number, text } from '../text'
import { ask } from './ask'
import { chooseLimit, type LimitName, limitsOf } from './limits'
import { recall, remember } from './memory'
import { RowCache } from './rows'

export type Tab = 'table' | 'issues' | 'columns' | 'charts' | 'approve' | 'files'

export interface Busy {
  label: string
  /** 0 to 1, where it is known. */
  progress?: number
}

export const targets = signal<TargetFacts[]>([])
export const target = signal<SheetTarget>((recall('target') as SheetTarget | undefined) ?? 'wechat-batch')
export const payeeType = signal<PayeeType>('b2c')
export const file = signal<File | undefined>()
export const against = signal<File | undefined>()
/** How the bytes are read, as far as somebody chose it. */
export const reading = signal<Reading>({})
export const snapshot = signal<Snapshot | undefined>()
export const busy = signal<Busy | undefined>()
export const problem = signal<Failure | undefined>()
export const secretRefused = signal(false)
/** Read out by screen readers. */
export const announcement = signal('')

export const filter = signal<Filter>({ rows: 'all' })
export const viewCount = signal(0)
export const tab = signal<Tab>('issues')
/** The selected cell: its place in the view, and its column from 0. */
export const selected = signal<{ index: number; column: number } | undefined>()
export const editing = signal(false)

export const fields = computed(() => {
  const { columns = {} } = snapshot.value?.facts ?? {}
  return new Map(Object.entries(columns).map(([field, letters]) => [letters, field]))
})

export const targetColumns = computed(() => targets.value.find(facts => facts.target === target.value)?.columns ?? [])

const starting = startWorker()

export function client(): Promise<SheetClient> {
  return starting
}

export const rows = new RowCache(async (filter, from, count) => (await starting).rows(filter, from, count))

/** Asks the worker for what does not depend on a file. */
export async function start(): Promise<void> {
  try {
    targets.value = await (await starting).targets()
  } catch {
    problem.value = { code: 'ERR_START', detail: '' }
  }
}

const onProgress = ({ phase, done, total }: Progress) => {
  if (!busy.value) return
  busy.value = { label: text.value.busy[phase], ...(total ? { progress: Math.min(done / total, 1) } : {}) }
}

let last: Promise<unknown> = Promise.resolve()

/** Runs one thing after the other, and says what runs: an edit that is made while rows are checked waits, and is not lost. */
function working<T>(label: string, run: (worker: SheetClient) => Promise<Result<T>>): Promise<T | undefined> {
  const turn = last.then(() => attempt(label, run))
  last = turn
  return turn
}

async function attempt<T>(label: string, run: (worker: SheetClient) => Promise<Result<T>>): Promise<T | undefined> {
  busy.value = { label }
  problem.value = undefined
  try {
    const result = await run(await starting)
    if (result.ok) return result.value
    problem.value = result.failure
  } catch {
    problem.value = { code: 'ERR_UNEXPECTED', detail: '' }
  } finally {
    busy.value = undefined
  }
  return undefined
}

export async function openFile(chosen: File): Promise<void> {
  if (looksLikePrivateKey(await chosen.slice(0, 8192).text())) {
    secretRefused.value = true
    return
  }
  if (snapshot.value?.changes && !(await ask(text.value.file.discardFile))) return
  const limits = limitsOf.value(target.value)
  const type = typeOf(target.value)
  const request = { file: chosen, target: target.value, locale: locale.value, limits, ...(type && { type }) }
  const opened = await working(text.value.busy.read, worker => worker.open(request, callback(onProgress)))
  if (!opened) return
  batch(() => {
    file.value = chosen
    against.value = undefined
    reading.value = {}
    selected.value = undefined
    editing.value = false
    filter.value = { rows: 'all' }
    rows.clear(filter.value)
    tab.value = opened.blocked ? 'columns' : 'issues'
    show(opened)
  })
}

// Leaving the page loses what was not written to a file.
addEventListener('beforeunload', event => {
  if (snapshot.value?.changes) event.preventDefault()
})

/** Back to the beginning. */
export async function closeFile(): Promise<void> {
  if (snapshot.value?.changes && !(await ask(text.value.file.discardFile))) return
  batch(() => {
    file.value = undefined
    snapshot.value = undefined
    problem.value = undefined
    selected.value = undefined
  })
  await (await starting).close()
}

function show(next: Snapshot): void {
  snapshot.value = next
  rows.stale(next.generation)
  void countView()
  const { summary } = next
  if (summary) {
    const { count, errors, warnings } = summary
    announcement.value = text.value.verdict.announce(number(count), number(errors), number(warnings))
  }
}

async function countView(): Promise<void> {
  const wanted = filter.value
  const count = await (await starting).viewCount(wanted)
  if (filter.value !== wanted) return
  viewCount.value = count
  if (selected.value && selected.value.index >= count) selected.value = undefined
}

async function change(label: string, run: (worker: SheetClient) => Promise<Result<Snapshot>>): Promise<boolean> {
  const next = await working(label, run)
  if (next) batch(() => show(next))
  return next !== undefined
}

export async function setTarget(next: SheetTarget): Promise<void> {
  target.value = next
  remember('target', next)
  if (!snapshot.value) return
  const changes = { target: next, type: typeOf(next), limits: limitsOf.value(next) }
  await change(text.value.busy.check, worker => worker.configure(changes))
  if (snapshot.value?.blocked) tab.value = 'columns'
}

/** Only Ping++ tells persons from companies. */
export const hasTypes = (name: SheetTarget) => name.startsWith('pingpp:')
const typeOf = (name: SheetTarget) => (hasTypes(name) ? payeeType.value : undefined)

export async function setPayeeType(type: PayeeType): Promise<void> {
  payeeType.value = type
  if (!snapshot.value) return
  await change(text.value.busy.check, worker => worker.configure({ type }))
  if (snapshot.value?.blocked) tab.value = 'columns'
}

export async function setLimit(name: LimitName, fen: number | undefined): Promise<void> {
  chooseLimit(target.value, name, fen)
  const limits = limitsOf.value(target.value)
  await change(text.value.busy.check, worker => worker.configure({ limits }))
}

export async function setUnit(amountUnit: AmountUnit): Promise<void> {
  await change(text.value.busy.check, worker => worker.configure({ amountUnit }))
}

export async function setColumn(field: string, letters: string): Promise<void> {
  const columns = { ...snapshot.value?.facts.columns, [field]: letters }
  // One column holds one field.
  for (const [other, held] of Object.entries(columns)) if (other !== field && held === letters) delete columns[other]
  await change(text.value.busy.check, worker => worker.configure({ columns }))
}

export async function reread(next: Reading): Promise<void> {
  if (snapshot.value?.changes && !(await ask(text.value.file.discard))) return
  const wanted = { ...reading.value, ...next }
  const done = await change(text.value.busy.read, worker => worker.reread(wanted, callback(onProgress)))
  if (!done) return
  reading.value = wanted
  showRows(filter.value)
}

export async function compareWith(other: File | undefined): Promise<void> {
  const done = await change(text.value.busy.read, worker => worker.compare(other, callback(onProgress)))
  if (done) against.value = other
}

/** Shows other rows. */
export function showRows(next: Filter): void {
  batch(() => {
    filter.value = next
    selected.value = undefined
    editing.value = false
    rows.clear(next)
  })
  void countView()
}

export async function edit(row: number, column: number, content: string): Promise<void> {
  if (looksLikePrivateKey(content)) {
    secretRefused.value = true
    return
  }
  await change(text.value.busy.check, worker => worker.edit(row, columnLetters(column), content))
}

export async function fix(id: number): Promise<void> {
  const generation = snapshot.value?.generation ?? 0
  await change(text.value.busy.check, worker => worker.fix(generation, id))
  if (snapshot.value?.generation !== generation) announcement.value = text.value.fixed('1')
}

export async function fixKind(key: string, count: number): Promise<void> {
  const generation = snapshot.value?.generation ?? 0
  await change(text.value.busy.check, worker => worker.fixKind(generation, key))
  if (snapshot.value?.generation !== generation) announcement.value = text.value.fixed(number(count))
}

export async function undo(): Promise<void> {
  await change(text.value.busy.check, worker => worker.undo())
}

export { working }
