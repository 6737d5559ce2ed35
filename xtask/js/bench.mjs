// `cargo xtask bench`: how long the job "3,000 payees" takes here and in hand-written JavaScript on node:crypto.
// Contenders take turns in one process, A B A B, after a warm-up; a ratio is the median of the ratios of each turn, which
// a machine that is busy with something else disturbs less than two separate times. The figure is what it is.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import Table from 'cli-table3'
import { startSandbox } from 'payseal/sandbox'
import { contenders, frame, path } from './contenders.mjs'
import { readBatches } from './handwritten.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const quick = process.argv.includes('--quick')
const rounds = quick ? 5 : 21
const node = process.versions.node
const modern = Number(node.split('.')[0]) >= 22
const hand = 'node:crypto by hand'
const plugin = 'wechatpay-axios-plugin'

const median = list => quantile(list, 0.5)
function quantile(list, part) {
  const sorted = [...list].sort((a, b) => a - b)
  const at = (sorted.length - 1) * part
  const low = sorted[Math.floor(at)]
  return low + (sorted[Math.ceil(at)] - low) * (at % 1)
}

/** Runs every function once per round, in another order each time; the times of each, in milliseconds. */
async function interleaved(functions, count) {
  const names = Object.keys(functions)
  const times = Object.fromEntries(names.map(name => [name, []]))
  for (let round = -2; round < count; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + 2) % names.length]
      globalThis.gc?.()
      const start = performance.now()
      await functions[name]()
      const time = performance.now() - start
      if (round >= 0) times[name].push(time)
    }
  }
  return times
}

/** A benchmark of requests that nobody would accept measures nothing: the sandbox judges each contender's once. */
async function judge(sandbox, made, csv) {
  for (const [index, name] of Object.keys(made).entries()) {
    for (const { headers, body } of await made[name].csv(csv, `JUDGE${index}N`)) {
      const reply = await fetch(sandbox.url + path, { method: 'POST', headers, body })
      if (reply.status !== 200)
        throw new Error(`the sandbox refuses a request of ${name}: ${(await reply.json()).code}`)
    }
  }
}

function once(task, name, credentialsFile) {
  const script = fileURLToPath(new URL('bench-once.mjs', import.meta.url))
  return JSON.parse(execFileSync(process.execPath, [script, task, name, credentialsFile], { encoding: 'utf8' }))
}

const rows = []
/** Adds a comparison; `goal` is the largest ratio that meets it. */
function compare(id, job, [ours, oursTimes], [theirs, theirsTimes], goal) {
  const ratio = median(oursTimes.map((time, round) => time / theirsTimes[round]))
  const spread = list => [quantile(list, 0.25), quantile(list, 0.75)]
  rows.push({
    id,
    job,
    node,
    ours,
    ours_ms: median(oursTimes),
    ours_spread_ms: spread(oursTimes),
    theirs,
    theirs_ms: median(theirsTimes),
    theirs_spread_ms: spread(theirsTimes),
    ratio,
    goal: goal ?? null,
    met: goal === undefined ? null : ratio <= goal,
  })
}

async function measure(scratch) {
  const sandbox = await startSandbox()
  const { wechat } = await (await fetch(`${sandbox.url}/_sandbox/credentials`)).json()
  const { mchid, serialNo, privateKey, appid, platformCertificate: certificate } = wechat
  const credentials = { mchid, serialNo, privateKey, appid, certificate }
  const credentialsFile = join(scratch, 'credentials.json')
  writeFileSync(credentialsFile, JSON.stringify(credentials), { mode: 0o600 })

  const csv = readFileSync(join(root, 'tests/data/payouts-3000.csv'))
  const batches = readBatches(csv, frame(appid, 'BENCH'), 1000)
  const made = {}
  for (const [name, make] of Object.entries(contenders)) made[name] = await make(credentials)
  await judge(sandbox, made, csv)
  await sandbox.close()

  const each = job => Object.fromEntries(Object.entries(made).map(([name, contender]) => [name, () => job(contender)]))
  console.log(`${rounds} rounds of each job, in turns …`)
  const fromCsv = await interleaved(
    each(contender => contender.csv(csv, 'BENCH')),
    rounds,
  )
  const fromObjects = await interleaved(
    each(contender => contender.objects(batches)),
    rounds,
  )
  const signatures = await interleaved(
    each(async contender => {
      for (let count = 0; count < 50; count++) await contender.sign()
    }),
    rounds,
  )
  const cold = Object.fromEntries(Object.keys(contenders).map(name => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(contenders)) cold[name].push(once('cold', name, credentialsFile).ms)
  }
  const pair = (times, ours, theirs) => [
    [ours, times[ours]],
    [theirs, times[theirs]],
  ]
  const auto = 'payseal auto'
  const wasm = 'payseal wasm'
  compare(modern ? 'S1' : 'S2', 'CSV → signed bodies', ...pair(fromCsv, auto, hand), modern ? 0.65 : 1)
  compare('csv-wasm', 'CSV → signed bodies', ...pair(fromCsv, wasm, hand))
  compare('objects', 'objects → signed bodies', ...pair(fromObjects, auto, hand))
  compare('objects-wasm', 'objects → signed bodies', ...pair(fromObjects, wasm, hand))
  compare('S3', 'CSV → signed bodies', ...pair(fromCsv, auto, plugin), modern ? 1 / 4 : 1 / 6)
  compare('S6', '50 signed GET requests', ...pair(signatures, auto, hand), 1.2)
  compare('sign-wasm', '50 signed GET requests', ...pair(signatures, wasm, hand))
  compare('cold', 'import → first signature', ...pair(cold, auto, hand))
  compare('S11', 'import → first signature', ...pair(cold, auto, plugin), 0.25)
  return Object.keys(contenders).map(name => ({ name, ...once('memory', name, credentialsFile) }))
}

/** Both modules: a host loads one of them. */
function sizes() {
  const goal = 110 * 1024
  return ['core_bg.wasm', 'core_relaxed_bg.wasm'].map(file => {
    const module = readFileSync(join(root, 'pkg/wasm', file))
    const brotli = brotliCompressSync(module).length
    return {
      id: 'S10',
      file,
      raw: module.length,
      gzip: gzipSync(module, { level: 9 }).length,
      brotli,
      goal,
      met: brotli <= goal,
    }
  })
}

function show({ memory, wasm }) {
  const style = { head: [], border: [] }
  const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }
  const verdict = met => (met === null ? '' : met ? 'met' : 'not met')
  const ms = (value, [low, high]) => `${value.toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`
  const times = new Table({ head: ['', 'job', 'ours', 'ms', 'theirs', 'ms', 'ratio', 'goal', ''], style, chars })
  for (const row of rows) {
    const goal = row.goal === null ? '' : `≤ ${row.goal.toFixed(2)}`
    const theirs = ms(row.theirs_ms, row.theirs_spread_ms)
    const ours = ms(row.ours_ms, row.ours_spread_ms)
    times.push([row.id, row.job, row.ours, ours, row.theirs, theirs, row.ratio.toFixed(2), goal, verdict(row.met)])
  }
  console.log(`${times}\nmilliseconds: median (middle half)\n`)
  const peaks = new Table({ head: ['peak memory of the CSV job', 'MiB', 'before it'], style, chars })
  const mib = bytes => (bytes / 2 ** 20).toFixed(1)
  for (const { name, peak, before } of memory) peaks.push([name, mib(peak), mib(before)])
  console.log(peaks.toString())
  const kib = bytes => `${(bytes / 1024).toFixed(1)} KiB`
  for (const { file, raw, gzip, brotli, goal, met } of wasm) {
    const ceiling = `goal ≤ ${kib(goal)}: ${verdict(met)}`
    console.log(`${file}: ${kib(raw)}, gzip ${kib(gzip)}, brotli ${kib(brotli)} (${ceiling})`)
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'payseal-bench-'))
try {
  const memory = await measure(scratch)
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', threads: availableParallelism(), memory: totalmem() }
  const result = { machine, node, date: new Date().toISOString(), quick, rounds, rows, memory, wasm: sizes() }
  show(result)
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
  mkdirSync(target, { recursive: true })
  writeFileSync(join(target, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`)
  console.log(`Node ${node} on ${machine.cpu}; written to target/bench.json`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
