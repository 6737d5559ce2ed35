// Contenders in fresh processes, in turns.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('once.mjs', import.meta.url))

export function once(task, name, file) {
  return JSON.parse(execFileSync(process.execPath, [script, task, name, file], { encoding: 'utf8' }))
}

/** Every contender once per round, in another order each time: `{ name: [what once.mjs says] }`. The first round only warms the disk. */
export function inTurns(task, names, file, rounds) {
  const found = Object.fromEntries(names.map(name => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + 1) % names.length]
      const figures = once(task, name, file)
      if (round >= 0) found[name].push(figures)
    }
  }
  return found
}
