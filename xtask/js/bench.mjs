// `cargo xtask bench [--quick] [--only S1,S8]`: every row of the table of goals, side by side with what people use otherwise, on every Node
// that matters. Contenders take turns, A B A B, in one process each Node; what only a fresh process can tell has fresh processes in turns.

import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { browser } from './bench/browser.mjs'
import { nodes } from './bench/nodes.mjs'
import { markdown, terminal } from './bench/report.mjs'
import { sizes } from './bench/sizes.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
const every = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9', 'S10', 'S11']
/** What one Node is needed for. */
const ofNodes = every.filter(id => id !== 'S5' && id !== 'S10')

function options() {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } })
  const only = values.only?.split(',').map(id => id.trim().toUpperCase()) ?? null
  const unknown = only?.find(id => !every.includes(id))
  if (unknown !== undefined) throw new Error(`there is no row ${unknown}: ${every.join(', ')}`)
  return { quick: values.quick, only }
}

async function onNode({ version, executable, missing }, { quick, only }) {
  const wanted = ofNodes.filter(id => !only || only.includes(id))
  if (missing) return wanted.map(id => ({ id, job: 'everything', node: version, goal: null, met: null, missing }))
  const script = fileURLToPath(new URL('bench/per-node.mjs', import.meta.url))
  const child = promisify(execFile)(executable, ['--expose-gc', script, JSON.stringify({ quick, only })], {
    cwd: root,
    maxBuffer: 2 ** 26,
  })
  child.child.stderr.pipe(process.stderr)
  return JSON.parse((await child).stdout)
}

const settings = options()
const wants = (...ids) => !settings.only || ids.some(id => settings.only.includes(id))
const rows = []
if (wants(...ofNodes)) for (const node of nodes(target)) rows.push(...(await onNode(node, settings)))
rows.push(...(await browser({ ...settings, wants, progress: text => console.error(`${text} …`) })))
if (wants('S10')) rows.push(...sizes(join(root, 'pkg/wasm')))
// Rows without a goal of their own come last.
const place = ({ id }) => (every.includes(id) ? every.indexOf(id) : every.length)
rows.sort((a, b) => place(a) - place(b))

const machine = {
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  threads: availableParallelism(),
  memory: totalmem(),
  system: `${type()} ${release()} ${arch()}`,
}
// What was measured beside it was not asked for.
const asked = rows.filter(({ id }) => wants(id))
const result = { machine, date: new Date().toISOString(), ...settings, rows: asked }
mkdirSync(target, { recursive: true })
writeFileSync(join(target, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`)
writeFileSync(join(target, 'bench.md'), markdown(result))
console.log(terminal(result))
console.log('written to target/bench.json and target/bench.md')
