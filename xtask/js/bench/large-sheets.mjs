// S8: a sheet of 300,000 rows, a fresh process for each contender and turn.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inTurns } from './children.mjs'
import { sheet } from './sheets.mjs'
import { comparison } from './statistics.mjs'
import { floors, tally, validators } from './validators.mjs'

const rowCount = 300_000
const [ours, theirs] = Object.keys(validators)
const [floor] = Object.keys(floors)

export async function largeSheets({ quick, wants, scratch, progress }) {
  if (!wants('S8')) return []
  progress('whether both validators find the same')
  await demandEqualCounts()
  const rows = []
  // The damaged sheet says what issues cost; the goal is about sheets as people send them.
  for (const damaged of quick ? [false] : [false, true]) {
    const file = join(scratch, 'sheet.csv')
    const bytes = sheet(rowCount, { damaged })
    writeFileSync(file, bytes)
    const size = `${(bytes.length / 1e6).toFixed(1)} MB`
    const job = `check ${rowCount.toLocaleString('en')} rows, ${size}${damaged ? ', 1 row in 7 damaged' : ''}`
    progress(job)
    const found = inTurns('check', [ours, theirs, ...(damaged ? [] : [floor])], file, quick ? 2 : 5)
    for (const { count, issues } of [...found[ours], ...found[theirs]]) {
      if (count !== rowCount) throw new Error(`a validator read ${count} rows`)
      if (!damaged && issues !== 0) throw new Error('a validator finds something in a sound sheet')
    }
    const [time, memory] = damaged ? [null, null] : [1 / 15, 0.35]
    const facts = { id: 'S8', ours, theirs, ...(!damaged && { floor: { what: floor, turns: found[floor] } }) }
    rows.push(
      comparison({ ...facts, job, goal: time }, found[ours], found[theirs]),
      comparison({ ...facts, job: `${job}: peak memory`, goal: memory, unit: 'bytes' }, found[ours], found[theirs]),
    )
  }
  return rows
}

/** A comparison of validators that find different things would be none. */
async function demandEqualCounts() {
  const damaged = sheet(50_000, { damaged: true })
  const [mine, others] = await Promise.all(
    Object.values(validators).map(async make => tally(await (await make())(damaged))),
  )
  const differing = [...new Set([...Object.keys(mine), ...Object.keys(others)])].filter(
    key => mine[key] !== others[key],
  )
  const shown = differing.map(key => `${key}: ${mine[key] ?? 0} and ${others[key] ?? 0}`)
  if (shown.length > 0) throw new Error(`the validators do not find the same: ${shown.join(', ')}`)
  if (Object.keys(mine).length < 12) throw new Error('the damaged sheet breaks too few rules')
}
