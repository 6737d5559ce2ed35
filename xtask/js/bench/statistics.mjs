// Turns and medians. No host imports: browsers run this too.

export const median = list => quantile(list, 0.5)

export function quantile(list, part) {
  const sorted = [...list].sort((a, b) => a - b)
  const at = (sorted.length - 1) * part
  const low = sorted[Math.floor(at)]
  return low + (sorted[Math.ceil(at)] - low) * (at % 1)
}

/** Runs every job once per round, in another order each time; the times of each, in milliseconds. */
export async function interleaved(jobs, rounds, warm = 2) {
  const names = Object.keys(jobs)
  const times = Object.fromEntries(names.map(name => [name, []]))
  for (let round = -warm; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + warm) % names.length]
      globalThis.gc?.()
      const start = performance.now()
      await jobs[name]()
      const time = performance.now() - start
      if (round >= 0) times[name].push(time)
    }
  }
  return times
}

const spread = list => [quantile(list, 0.25), quantile(list, 0.75)]

/**
 * One row: two contenders' figures of the same turns. A ratio is the median of the ratios of each turn, which a machine that is busy with
 * something else disturbs less than two separate times. `goal` is the largest ratio that meets it; `unit` is ms, us or bytes.
 */
export function comparison({ id, job, ours, theirs, goal = null, unit = 'ms', note }, oursFigures, theirsFigures) {
  const ratios = oursFigures.map((figure, turn) => figure / theirsFigures[turn])
  const ratio = median(ratios)
  return {
    id,
    job,
    ours,
    [`ours_${unit}`]: median(oursFigures),
    [`ours_spread_${unit}`]: spread(oursFigures),
    theirs,
    [`theirs_${unit}`]: median(theirsFigures),
    [`theirs_spread_${unit}`]: spread(theirsFigures),
    ratio,
    ratio_spread: spread(ratios),
    rounds: ratios.length,
    goal,
    met: goal === null ? null : ratio <= goal,
    ...(note && { note }),
  }
}
