// S9: whether a row costs the same in a large sheet as in a small one.

import { contenders } from './contenders.mjs'
import { withSandbox } from './sandboxed.mjs'
import { sheet } from './sheets.mjs'
import { comparison, interleaved, median } from './statistics.mjs'
import { validators } from './validators.mjs'

const small = 1000
const named = count => `${count.toLocaleString('en')} rows`

export async function growth({ quick, wants, progress }) {
  if (!wants('S9')) return []
  const check = await validators.payseal()
  progress('growth of validation')
  const rows = await compared('check', bytes => check(bytes), [10_000, 100_000, 300_000], 300_000, quick ? 3 : 7)
  await withSandbox(async credentials => {
    progress('growth of the whole job')
    const payseal = await contenders.payseal(credentials)
    const sizes = quick ? [10_000] : [10_000, 100_000]
    rows.push(...(await compared('CSV → signed bodies', bytes => payseal.csv(bytes, 'BENCH'), sizes, 100_000, 3)))
  })
  return rows
}

/** `ours` is the larger sheet and `theirs` the small one. Milliseconds are of the whole, the ratio is of a row's time. */
async function compared(job, step, sizes, largest, rounds) {
  // A turn of the small one is as many as make a time that can be measured.
  const repeats = 30
  const few = sheet(small)
  const jobs = {
    [small]: async () => {
      for (let done = 0; done < repeats; done++) await step(few)
    },
  }
  for (const count of sizes) {
    const bytes = sheet(count)
    jobs[count] = () => step(bytes)
  }
  const turns = await interleaved(jobs, rounds, 1)
  const perRow = (count, each) => turns[count].map(({ ms }) => ({ us: (ms * 1000) / count / each }))
  const whole = (count, each) => median(turns[count].map(({ ms }) => ms)) / each
  return sizes.map(count => {
    const goal = count === largest ? 1.05 : null
    const facts = { id: 'S9', job: `${job}, per row`, ours: named(count), theirs: named(small), goal, unit: 'us' }
    const row = comparison(facts, perRow(count, 1), perRow(small, repeats))
    return { ...row, ours_ms: whole(count, 1), theirs_ms: whole(small, repeats) }
  })
}
