/** Issues by kind and by row, so that the page asks for counts and windows only. */
import type { Issue } from './contract'
import type { Filter, IssueEntry, Kind, Mark, Summary } from './protocol'

export class IssueIndex {
  readonly kinds: Kind[]
  readonly summary: Omit<Summary, 'ok' | 'count' | 'total'>
  readonly #issues: readonly Issue[]
  /** Ids in row order, and the row of each. */
  readonly #order: Uint32Array
  readonly #rows: Uint32Array

  constructor(issues: readonly Issue[]) {
    this.#issues = issues
    const ids = Array.from(issues.keys())
    const rowOf = (id: number) => issues[id]?.row ?? 0
    if (ids.some((id, at) => at > 0 && rowOf(id) < rowOf(at - 1))) ids.sort((a, b) => rowOf(a) - rowOf(b) || a - b)
    this.#order = Uint32Array.from(ids)
    this.#rows = this.#order.map(rowOf)
    this.kinds = kindsOf(issues)
    const of = (severity: string) => issues.reduce((sum, issue) => sum + Number(issue.severity === severity), 0)
    this.summary = {
      errors: of('error'),
      warnings: of('warning'),
      errorRows: this.rows({ rows: 'error' }).length,
      warningRows: this.rows({ rows: 'warning' }).length,
      issueRows: this.rows({ rows: 'issues' }).length,
    }
  }

  issue(id: number): Issue | undefined {
    return this.#issues[id]
  }

  /** Ids of one kind, in row order. */
  ofKind(key: string): number[] {
    return [...this.#order].filter(id => kindOf(this.#issues[id] as Issue) === key)
  }

  /** The rows that match, each once, in order. */
  rows(filter: Filter): Uint32Array {
    const rows: number[] = []
    for (const [at, id] of this.#order.entries()) {
      const row = this.#rows[at] as number
      if (row > 0 && row !== rows.at(-1) && matches(this.#issues[id] as Issue, filter)) rows.push(row)
    }
    return Uint32Array.from(rows)
  }

  /** The issues that match, in row order. */
  ids(filter: Filter): Uint32Array {
    return this.#order.filter(id => matches(this.#issues[id] as Issue, filter))
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

function kindOf({ code, reason, field, severity, fix }: Issue): string {
  return [code, reason, field, severity, fix ?? ''].join('|')
}

function kindsOf(issues: readonly Issue[]): Kind[] {
  const kinds = new Map<string, Kind>()
  for (const issue of issues) {
    const key = kindOf(issue)
    let kind = kinds.get(key)
    if (!kind) {
      const { code, severity, field, messages, fix } = issue
      kind = { key, code, severity, field, messages, count: 0, fixable: 0, ...(fix && { fix }) }
      kinds.set(key, kind)
    }
    kind.count += 1
    if (issue.fix) kind.fixable += 1
  }
  // What stops the file first, then what is most frequent.
  return [...kinds.values()].sort((a, b) => a.severity.localeCompare(b.severity) || b.count - a.count)
}

function matches(issue: Issue, { rows, kind }: Filter): boolean {
  if (kind !== undefined && kindOf(issue) !== kind) return false
  return rows === 'error' || rows === 'warning' ? issue.severity === rows : true
}

function mark(id: number, { column, field, code, severity, messages, fix }: Issue): Mark {
  return { id, field, code, severity, messages, ...(column && { column }), ...(fix && { fix }) }
}
