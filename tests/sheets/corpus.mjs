/** The files of tests/data/sheets and what is in them; and the grid as rows. */
import { readFileSync } from 'node:fs'

const folder = new URL('../data/sheets/', import.meta.url)

/** What expected.json says of each file. */
export const corpus = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')).files

export const bytes = file => new Uint8Array(readFileSync(new URL(file, folder)))

/** The rows of a grid as expected.json writes them: without the blank cells at their ends. */
export function rows(grid) {
  const view = new DataView(grid.buffer, grid.byteOffset, grid.byteLength)
  let at = 0
  const number = () => {
    at += 4
    return view.getUint32(at - 4, true)
  }
  const flag = () => {
    at += 1
    return view.getUint8(at - 1)
  }
  const text = length => {
    at += length
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(grid.subarray(at - length, at))
  }
  if (text(4) !== 'PSG1') throw new Error('not a grid')
  const found = Array.from({ length: number() }, () => {
    const [row, hidden] = [number(), flag() === 1]
    const cells = Array.from({ length: number() }, () => ({ flags: flag(), text: text(number()) }))
    while (cells.at(-1)?.text === '' && cells.at(-1).flags === 0) cells.pop()
    const flags = cells.map(cell => cell.flags)
    return {
      row,
      cells: cells.map(cell => cell.text),
      ...(flags.some(value => value !== 0) ? { flags } : {}),
      ...(hidden ? { hidden } : {}),
    }
  })
  if (at !== grid.length) throw new Error('the grid is longer than its rows')
  return found
}

/** Rows as `rows` gives them → a grid. */
export function build(lines) {
  const encoder = new TextEncoder()
  const pieces = [encoder.encode('PSG1')]
  const number = value => pieces.push(new Uint8Array(Uint32Array.of(value).buffer))
  number(lines.length)
  for (const { row, cells, flags = [], hidden = false } of lines) {
    number(row)
    pieces.push(Uint8Array.of(hidden ? 1 : 0))
    number(cells.length)
    cells.forEach((cell, index) => {
      const text = encoder.encode(cell)
      pieces.push(Uint8Array.of(flags[index] ?? 0))
      number(text.length)
      pieces.push(text)
    })
  }
  return new Uint8Array(Buffer.concat(pieces))
}
