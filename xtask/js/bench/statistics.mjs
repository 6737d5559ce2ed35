// Turns and medians. No host imports: browsers run this too.

export const median = list => quantile(list, 0.5)

export function quantile(list, part) {
  const sorted = [...list].sort((a, b) => a - b)
  const at = (sorted.length - 1) * part
  const low = sorted[Math.floor(at)]
  return low + (sorted[Math.ceil(at)] - low) * (at % 1)
}

/** Milliseconds of CPU of all threads so far, where the host counts them. */
function cpuTime() {
  const { user, system } = globalThis.process?.cpuUsage?.() ?? {}
  return user === undefined ? undefined : (user + system) / 1000
}

/** Runs every job once per round, in another order each time: `{ name: [{ ms, cpu }] }`, a turn each. */
export async function interleaved(jobs, rounds, warm = 2) {
  const names = Object.keys(jobs)
  const turns = Object.fromEntries(names.map(name => [name, []]))
  for (let round = -warm; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + warm) % names.length]
      globalThis.gc?.()
      const before = cpuTime()
      const start = performance.now()
      await jobs[name]()
      const ms = performance.now() - start
      const cpu = before === undefined ? undefined : cpuTime() - before
      if (round >= 0) turns[name].push({ ms, cpu })
    }
  }
  return turns
}

const spread = list => [quantile(list, 0.25), quantile(list, 0.75)]

/**
 * One row: the same turns of two contenders. A ratio is the median of the ratios of each turn, which a machine that is busy with something
 * else disturbs less than two separate times; the ratio of CPU times, of one thread each, it disturbs hardly at all. `goal` is the largest
 * ratio that meets it; `unit` is ms, us or bytes, and what the turns hold under that name; `floor` is the part of the job that is there whoever
 * does it: what it is, and its turns.
 */
export function comparison(
  { id, job, ours, theirs, goal = null, unit = 'ms', threads = 1, note, floor },
  oursTurns,
  theirsTurns,
) {
  const figures = (turns, name = unit) => turns.map(turn => turn[name])
  const ratios = (name, turns = oursTurns) => turns.map((turn, index) => turn[name] / theirsTurns[index][name])
  const ratio = median(ratios(unit))
  const counted = unit === 'ms' && threads === 1 && oursTurns.every(turn => turn.cpu !== undefined)
  return {
    id,
    job,
    ours,
    [`ours_${unit}`]: median(figures(oursTurns)),
    [`ours_spread_${unit}`]: spread(figures(oursTurns)),
    theirs,
    [`theirs_${unit}`]: median(figures(theirsTurns)),
    [`theirs_spread_${unit}`]: spread(figures(theirsTurns)),
    ratio,
    ratio_spread: spread(ratios(unit)),
    ...(counted && { cpu_ratio: median(ratios('cpu')) }),
    rounds: oursTurns.length,
    goal,
    met: goal === null ? null : ratio <= goal,
    ...(floor && { floor: { what: floor.what, ratio: median(ratios(unit, floor.turns)) } }),
    ...(note && { note }),
  }
}
