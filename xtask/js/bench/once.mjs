// One contender alone in a fresh process, for what only a fresh process can tell: start-up and peak memory. Prints one line of JSON.
//   node once.mjs sign|seal CONTENDER CREDENTIALS_FILE
//   node once.mjs check CONTENDER SHEET_FILE

import { readFileSync } from 'node:fs'

const [task, name, file] = process.argv.slice(2)

const print = value => console.log(JSON.stringify(value))
/** Milliseconds of CPU since then. */
const since = earlier => {
  const { user, system } = process.cpuUsage(earlier)
  return (user + system) / 1000
}

if (task === 'check') {
  const { validators, floors } = await import('./validators.mjs')
  const check = await { ...validators, ...floors }[name]()
  const bytes = readFileSync(file)
  const [before, used] = [performance.now(), process.cpuUsage()]
  const { count, issues } = await check(bytes)
  const ms = performance.now() - before
  print({ ms, cpu: since(used), bytes: process.resourceUsage().maxRSS * 1024, count, issues: issues.length })
} else {
  const { contenders } = await import('./contenders.mjs')
  const credentials = JSON.parse(readFileSync(file, 'utf8'))
  // From here on, since it is here that a contender imports what it needs.
  const [start, begun] = [performance.now(), process.cpuUsage()]
  const contender = await contenders[name](credentials)
  await contender[task]('林小满')
  print({ ms: performance.now() - start, cpu: since(begun) })
}
