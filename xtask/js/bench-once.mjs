// One contender alone in a fresh process, for what only a fresh process can tell: start-up and peak memory.
// Usage: node bench-once.mjs cold|memory CONTENDER CREDENTIALS_FILE; prints one line of JSON.

const start = performance.now()
const [task, name, credentialsFile] = process.argv.slice(2)
const { readFileSync } = await import('node:fs')
const { contenders } = await import('./contenders.mjs')
const credentials = JSON.parse(readFileSync(credentialsFile, 'utf8'))

if (task === 'cold') {
  await (await contenders[name](credentials)).sign()
  console.log(JSON.stringify({ ms: performance.now() - start }))
} else {
  const csv = readFileSync(new URL('../../tests/data/payouts-3000.csv', import.meta.url))
  const contender = await contenders[name](credentials)
  const before = process.memoryUsage().rss
  await contender.csv(csv, 'BENCH')
  console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024, before }))
}
