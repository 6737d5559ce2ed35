/** How the amounts are spread: counted in whole fen, on a scale of 1, 2, 5, 10 … yuan. */
import type { AmountUnit, OpenSheet } from './contract'
import { columnIndex } from './letters'
import type { Amounts, Bin } from './protocol'

const EDGES = [0, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000]
const PIECE = 5_000

/** @param stop asked between pieces: a newer state of the file makes this count useless */
export async function countAmounts(
  sheet: OpenSheet,
  column: string,
  unit: AmountUnit,
  stop: () => boolean,
): Promise<Amounts> {
  const bins: Bin[] = EDGES.map((from, at) => ({
    from,
    to: EDGES[at + 1] ?? Number.POSITIVE_INFINITY,
    count: 0,
    sum: 0,
  }))
  const at = columnIndex(column)
  let unreadable = 0
  for (let from = 0; from < sheet.rowCount && !stop(); from += PIECE) {
    for (const { cells } of sheet.cells(from, PIECE)) {
      const fen = readFen(cells[at] ?? '', unit)
      const bin = fen === undefined ? undefined : bins.findLast(bin => bin.from <= fen)
      if (fen === undefined || !bin) unreadable += 1
      else {
        bin.count += 1
        bin.sum += fen
      }
    }
    // The page may be waiting for a window of rows.
    await new Promise(resolve => setTimeout(resolve))
  }
  const first = bins.findIndex(bin => bin.count > 0)
  const last = bins.findLastIndex(bin => bin.count > 0)
  return { bins: first < 0 ? [] : bins.slice(first, last + 1), unreadable }
}

/** For the picture only: what counts is what the core reads. */
function readFen(text: string, unit: AmountUnit): number | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text)
  if (!match) return undefined
  const [, whole = '', fraction = ''] = match
  if (unit === 'fen') return fraction ? undefined : Number(whole)
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
}
