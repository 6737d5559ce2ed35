/** One open file inside the worker: what was read, what was found, what was changed. */

import { countAmounts } from './amounts'
import type { Changes, Issue, OpenSheet, Progress, Reading, Sheet, SheetOptions } from './contract'
import { openSheet } from './core'
import { failure } from './failure'
import { firstAtLeast, IssueIndex } from './issue-index'
import { columnIndex } from './letters'
import type {
  Amounts,
  Approval,
  Change,
  Filter,
  IssueEntry,
  IssueWindow,
  Result,
  Row,
  RowWindow,
  Snapshot,
} from './protocol'

export class Session {
  readonly #file: Blob
  #options: SheetOptions
  #sheet: OpenSheet
  #index = new IssueIndex([])
  #generation = 0
  #summary: Snapshot['summary']
  #blocked: Snapshot['blocked']
  #changes: Change[] = []
  #view: { key: string; rows: Uint32Array } | undefined

  private constructor(file: Blob, options: SheetOptions, sheet: OpenSheet) {
    this.#file = file
    this.#options = options
    this.#sheet = sheet
  }

  static async open(file: Blob, options: SheetOptions): Promise<Session> {
    const session = new Session(file, options, await openSheet(file, options))
    session.#check()
    return session
  }

  get snapshot(): Snapshot {
    return {
      generation: this.#generation,
      facts: plainFacts(this.#sheet),
      rowCount: this.#sheet.rowCount,
      kinds: this.#index.kinds,
      changes: this.#changes.length,
      undoable: this.#changes.length > 0,
      ...(this.#summary && { summary: this.#summary }),
      ...(this.#blocked && { blocked: this.#blocked }),
    }
  }

  /** Reads the bytes in another way. Changes refer to cells that may be others now, so they are dropped. */
  async reread(reading: Reading, onProgress: (progress: Progress) => void): Promise<void> {
    const { columns: _, ...options } = this.#options
    await this.#reopen({ ...options, ...reading, onProgress }, false)
  }

  /** Reads the same cells again, next to another file; changes stay. */
  async compare(against: Blob | undefined, onProgress: (progress: Progress) => void): Promise<void> {
    const { against: _, ...options } = this.#options
    await this.#reopen({ ...options, ...(against && { against }), onProgress }, true)
  }

  async #reopen(options: SheetOptions, keep: boolean): Promise<void> {
    const sheet = await openSheet(this.#file, options)
    this.#sheet.free()
    this.#sheet = sheet
    this.#options = options
    if (!keep) this.#changes = []
    for (const { row, column, after } of this.#changes) await this.#sheet.edit(row, column, after)
    this.#check()
  }

  async configure(changes: Changes): Promise<void> {
    // Another target has other fields: what was mapped by hand for one does not fit the other.
    const settled = changes.target ? { ...changes, columns: {} } : changes
    await this.#sheet.configure(settled)
    this.#options = { ...this.#options, ...settled }
    this.#check()
  }

  async edit(row: number, column: string, text: string): Promise<void> {
    const before = this.#cell(row, column)
    if (before === text) return
    await this.#sheet.edit(row, column, text)
    this.#changes.push({ row, column, before, after: text, step: this.#nextStep() })
    this.#check()
  }

  async fix(id: number): Promise<void> {
    const issue = this.#index.issue(id)
    if (issue) await this.#apply(issue, this.#nextStep())
    this.#check()
  }

  async fixKind(key: string): Promise<void> {
    const step = this.#nextStep()
    for (const id of this.#index.ofKind(key)) await this.#apply(this.#index.issue(id) as Issue, step)
    this.#check()
  }

  async #apply(issue: Issue, step: number): Promise<void> {
    const { row, column, fix } = issue
    if (!fix || row === undefined || !column) return
    const before = this.#cell(row, column)
    await this.#sheet.applyFix(issue)
    const after = this.#cell(row, column)
    if (before !== after) this.#changes.push({ row, column, before, after, step })
  }

  /** Takes back the last step: one edit, or all the fixes that were made at once. */
  async undo(): Promise<void> {
    const step = this.#changes.at(-1)?.step
    for (let last = this.#changes.at(-1); last && last.step === step; last = this.#changes.at(-1)) {
      await this.#sheet.edit(last.row, last.column, last.before)
      this.#changes.pop()
    }
    this.#check()
  }

  #nextStep(): number {
    return (this.#changes.at(-1)?.step ?? 0) + 1
  }

  changes(from: number, count: number): Change[] {
    // Newest first.
    return this.#changes.toReversed().slice(from, from + count)
  }

  #check(): void {
    this.#generation += 1
    this.#view = undefined
    this.#blocked = undefined
    this.#summary = undefined
    try {
      const { issues, ok, count, total } = this.#sheet.check()
      this.#index = new IssueIndex(issues)
      this.#summary = { ok, count, total, ...this.#index.summary }
    } catch (error) {
      this.#index = new IssueIndex([])
      this.#blocked = failure(error)
    }
  }

  viewCount(filter: Filter): number {
    return this.#rowsOf(filter)?.length ?? this.#sheet.rowCount
  }

  rows(filter: Filter, from: number, count: number): RowWindow {
    const wanted = this.#rowsOf(filter)
    const found = wanted
      ? [...wanted.subarray(from, from + count)].map(row => this.#sheet.cells(this.#place(row), 1)[0])
      : this.#sheet.cells(from, count)
    const edited = this.#changedCells()
    const rows = found.flatMap((entry): Row[] => {
      if (!entry) return []
      const { row, cells } = entry
      return [{ row, cells, marks: this.#index.marks(row), changed: [...(edited.get(row) ?? [])] }]
    })
    return { generation: this.#generation, from, rows }
  }

  locate(filter: Filter, row: number): number {
    const rows = this.#rowsOf(filter)
    if (!rows) return this.#place(row)
    const at = firstAtLeast(rows, row)
    return rows[at] === row ? at : -1
  }

  neighbour(row: number, direction: 1 | -1): IssueEntry | undefined {
    return this.#index.neighbour(row, direction)
  }

  issues(filter: Filter, from: number, count: number): IssueWindow {
    const ids = this.#index.ids(filter)
    const issues = [...ids.subarray(from, from + count)].map(id => this.#index.entry(id))
    return { generation: this.#generation, from, total: ids.length, issues }
  }

  async amounts(): Promise<Amounts> {
    const { columns, amountUnit } = this.#sheet.facts()
    const generation = this.#generation
    const column = columns.transfer_amount ?? columns.amount
    if (!column || !amountUnit) return { bins: [], unreadable: 0 }
    return countAmounts(this.#sheet, column, amountUnit, () => generation !== this.#generation)
  }

  approve(): Approval {
    const { hash, count, total } = this.#sheet.result()
    return { hash, count, total }
  }

  /** What it is checked for. */
  get purpose(): Pick<SheetOptions, 'target' | 'limits'> {
    return this.#options
  }

  result(): Sheet {
    return this.#sheet.result()
  }

  get sheet(): OpenSheet {
    return this.#sheet
  }

  close(): void {
    this.#generation += 1
    this.#sheet.free()
  }

  #cell(row: number, column: string): string {
    return this.#sheet.cells(this.#place(row), 1)[0]?.cells[columnIndex(column)] ?? ''
  }

  /** Index of a row among the data rows, whose numbers ascend but may have gaps where the sheet is blank. */
  #place(row: number): number {
    let [low, high] = [0, this.#sheet.rowCount]
    // Without gaps it is where the header's one row puts it.
    let middle = Math.min(row - 2, high - 1)
    while (low < high) {
      const found = this.#sheet.cells(middle, 1)[0]?.row ?? 0
      if (found === row) return middle
      if (found < row) low = middle + 1
      else high = middle
      middle = (low + high) >> 1
    }
    return low
  }

  #rowsOf(filter: Filter): Uint32Array | undefined {
    if (filter.rows === 'all' && filter.kind === undefined) return undefined
    const key = `${filter.rows}|${filter.kind ?? ''}`
    if (this.#view?.key !== key) {
      const changed = () => Uint32Array.from(this.#changedCells().keys()).sort()
      this.#view = { key, rows: filter.rows === 'changed' ? changed() : this.#index.rows(filter) }
    }
    return this.#view.rows
  }

  #changedCells(): Map<number, Set<string>> {
    const cells = new Map<number, Set<string>>()
    for (const { row, column } of this.#changes) cells.set(row, (cells.get(row) ?? new Set()).add(column))
    return cells
  }
}

function plainFacts(sheet: OpenSheet): Snapshot['facts'] {
  // `check` answers with a report that holds the facts and much more; only the facts may cross.
  const { format, encoding, separator, worksheet, worksheets, headers, columns, missing, amountUnit } = sheet.facts()
  return {
    format,
    encoding,
    headers,
    columns,
    missing,
    ...(separator && { separator }),
    ...(worksheet !== undefined && { worksheet }),
    ...(worksheets && { worksheets }),
    ...(amountUnit && { amountUnit }),
  }
}

export function attempt<T>(step: () => T | Promise<T>): Promise<Result<T>> {
  return Promise.resolve()
    .then(step)
    .then(
      value => ({ ok: true as const, value }),
      error => ({ ok: false as const, failure: failure(error) }),
    )
}
