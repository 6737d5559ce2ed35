/** Issues by kind and by row, so that the page asks for counts and windows only. */
import type { Issue } from './contract'
import type { Filter, IssueEntry, Kind, Mark, Summary } from './protocol'

export class IssueIndex {
  readonly kinds: Kind[]
  readonly summary: Omit<Summary, 'ok' | 'count' | 'total'>
  readonly #issues: readonly Issue[]
  /** Ids in row order; then, in the same order, the row, the kind and whether it is an error. */
  readonly #order: Uint32Array
  readonly #rows: Uint32Array
  readonly #kinds: Uint32Array
  readonly #errors: Uint8Array
  readonly #kindNumbers: ReadonlyMap<string, number>

  constructor(issues: readonly Issue[]) {
    this.#issues = issues
    this.#order = inRowOrder(issues)
    this.#rows = this.#order.map(id => issues[id]?.row ?? 0)
    this.#errors = Uint8Array.from(this.#order, id => Number(issues[id]?.severity === 'error'))
    const { kinds, numbers } = sortByKind(issues)
    this.#kinds = this.#order.map(id => numbers[id] as number)
    this.#kindNumbers = new Map(kinds.map(({ key }, at) => [key, at]))
    // What stops the file first, then what is most frequent.
    this.kinds = kinds.toSorted((a, b) => a.severity.localeCompare(b.severity) || b.count - a.count)
    const errors = this.#errors.reduce((sum, error) => sum + error, 0)
    this.summary = {
      errors,
      warnings: issues.length - errors,
      errorRows: this.rows({ rows: 'error' }).length,
      warningRows: this.rows({ rows: 'warning' }).length,
      issueRows: this.rows({ rows: 'issues' }).length,
    }
  }

  issue(id: number): Issue | undefined {
    return this.#issues[id]
  }

  /** Ids of one kind, in row order. */
  ofKind(key: string): Uint32Array {
    return this.ids({ rows: 'issues', kind: key })
  }

  /** The rows that match, each once, in order. */
  rows(filter: Filter): Uint32Array {
    const matches = this.#matcher(filter)
    return this.#rows.filter((row, at) => {
      if (row === 0 || !matches(at)) return false
      // Once only: at its first issue that matches.
      for (let before = at - 1; this.#rows[before] === row; before--) if (matches(before)) return false
      return true
    })
  }

  /** The issues that match, in row order. */
  ids(filter: Filter): Uint32Array {
    const matches = this.#matcher(filter)
    return this.#order.filter((_, at) => matches(at))
  }

  #matcher({ rows, kind }: Filter): (at: number) => boolean {
    const wanted = kind === undefined ? undefined : (this.#kindNumbers.get(kind) ?? -1)
    const error = rows === 'error' ? 1 : rows === 'warning' ? 0 : undefined
    return at =>
      (wanted === undefined || this.#kinds[at] === wanted) && (error === undefined || this.#errors[at] === error)
  }

  entry(id: number): IssueEntry {
    const issue = this.#issues[id] as Issue
    return { ...mark(id, issue), ...(issue.row !== undefined && { row: issue.row }) }
  }

  /** The first issue of the nearest row after (or before) `row`. */
  neighbour(row: number, direction: 1 | -1): IssueEntry | undefined {
    const rows = this.#rows
    let at = firstAtLeast(rows, row + Number(direction > 0))
    // Before: the last row with issues, then its first issue.
    if (direction < 0) at = at > 0 ? firstAtLeast(rows, rows[at - 1] as number) : rows.length
    return at < rows.length && (rows[at] as number) > 0 ? this.entry(this.#order[at] as number) : undefined
  }

  marks(row: number): Mark[] {
    const marks: Mark[] = []
    for (let at = firstAtLeast(this.#rows, row); this.#rows[at] === row; at++) {
      const id = this.#order[at] as number
      marks.push(mark(id, this.#issues[id] as Issue))
    }
    return marks
  }
}

/** The first place in an ascending list that is not below `value`. */
export function firstAtLeast(list: Uint32Array, value: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Most often they come in row order; issues of the whole file have no row, and come first. */
function inRowOrder(issues: readonly Issue[]): Uint32Array {
  const rowOf = (id: number) => issues[id]?.row ?? 0
  const ids = Uint32Array.from(issues.keys())
  return ids.every((id, at) => at === 0 || rowOf(id - 1) <= rowOf(id))
    ? ids
    : ids.sort((a, b) => rowOf(a) - rowOf(b) || a - b)
}

function sortByKind(issues: readonly Issue[]): { kinds: Kind[]; numbers: Uint32Array } {
  const kinds: Kind[] = []
  const byKey = new Map<string, number>()
  const numbers = Uint32Array.from(issues, issue => {
    const { code, reason, field, severity, messages, fix } = issue
    const key = `${code}|${reason}|${field}|${severity}|${fix ?? ''}`
    let number = byKey.get(key)
    if (number === undefined) {
      number = kinds.push({ key, code, severity, field, messages, count: 0, fixable: 0, ...(fix && { fix }) }) - 1
      byKey.set(key, number)
    }
    const kind = kinds[number] as Kind
    kind.count += 1
    if (fix) kind.fixable += 1
    return number
  })
  return { kinds, numbers }
}

function mark(id: number, { column, field, code, severity, messages, fix }: Issue): Mark {
  return { id, field, code, severity, messages, ...(column && { column }), ...(fix && { fix }) }
}
