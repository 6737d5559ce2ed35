// S8: a sheet of 300,000 rows. Time in one process, as of every other job; peak memory and the time of a first sheet in fresh processes.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inTurns } from './children.mjs'
import { sheet } from './sheets.mjs'
import { comparison, interleaved } from './statistics.mjs'
import { checked, floors, tally, validators } from './validators.mjs'

export const rowCount = 300_000
export const job = `check ${rowCount.toLocaleString('en')} rows`
export const [ours, theirs] = Object.keys(validators)
const [floor] = Object.keys(floors)

export async function largeSheets(settings) {
  const { quick, wants, progress } = settings
  if (!wants('S8')) return []
  progress('whether both validators find the same')
  await demandEqualCounts()
  progress(job)
  const bytes = sheet(rowCount)
  const rows = [await warm(bytes, quick), ...fresh(bytes, job, 0.35, settings)]
  // What issues cost; the goal is about sheets as people send them.
  const damaged = `${job}, 1 in 7 damaged`
  if (!quick) rows.push(...fresh(sheet(rowCount, { damaged: true }), damaged, null, settings))
  return rows
}

async function warm(bytes, quick) {
  const made = Object.entries({ ...validators, ...floors }).map(async ([name, make]) => {
    const check = await make()
    return [name, name === floor ? () => check(bytes) : checked(check, bytes, rowCount)]
  })
  const turns = await interleaved(Object.fromEntries(await Promise.all(made)), quick ? 2 : 5)
  const facts = { id: 'S8', job, ours, theirs, goal: 1 / 15, floor: { what: floor, turns: turns[floor] } }
  return comparison(facts, turns[ours], turns[theirs])
}

/** The first sheet of a process, and how much memory that process took. */
function fresh(bytes, job, goal, { quick, scratch, progress }) {
  progress(`${job}, in fresh processes`)
  const file = join(scratch, 'sheet.csv')
  writeFileSync(file, bytes)
  const found = inTurns('check', [ours, theirs, floor], file, quick ? 2 : 5)
  for (const { count, issues } of [...found[ours], ...found[theirs]]) {
    if (count !== rowCount) throw new Error(`a validator read ${count} rows`)
    if (goal !== null && issues !== 0) throw new Error('a validator finds something in a sound sheet')
  }
  const facts = { id: 'S8', ours, theirs, floor: { what: floor, turns: found[floor] } }
  return [
    comparison({ ...facts, job: `${job}, fresh process` }, found[ours], found[theirs]),
    comparison({ ...facts, job: `${job}: peak memory`, goal, unit: 'bytes' }, found[ours], found[theirs]),
  ]
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
