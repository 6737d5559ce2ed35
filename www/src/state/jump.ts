/** Going from an issue to its cell. */
import { columnIndex } from '../sheet/letters'
import { client, filter, rows, selected, showRows, snapshot, tab, viewCount } from './panel'
import { narrow } from './screen'

/** Selects the cell; when the rows in view do not hold it, all rows are shown. */
export async function goTo(row: number, column: string | undefined): Promise<void> {
  const worker = await client()
  let index = await worker.locate(filter.value, row)
  if (index < 0) {
    showRows({ rows: 'all' })
    index = await worker.locate(filter.value, row)
    viewCount.value = snapshot.value?.rowCount ?? 0
  }
  if (narrow.value) tab.value = 'table'
  selected.value = { index, column: column ? columnIndex(column) : 0 }
}

/** The next (or previous) row of the view that has an issue. */
export async function nextIssue(direction: 1 | -1): Promise<void> {
  const worker = await client()
  const here = selected.value
  const at = here && rows.at(here.index)
  // Inside the row first, from cell to cell.
  if (at && here) {
    const columns = [...new Set(at.marks.flatMap(mark => (mark.column ? [columnIndex(mark.column)] : [])))]
    columns.sort((a, b) => (a - b) * direction)
    const next = columns.find(column => (column - here.column) * direction > 0)
    if (next !== undefined) {
      selected.value = { index: here.index, column: next }
      return
    }
  }
  const found = await worker.neighbour(at?.row ?? 0, direction)
  if (found) await goTo(found.row ?? 0, found.column)
}
