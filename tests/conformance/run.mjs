/**
 * Runs the conformance suite over the package as npm packs it and an empty project installs it, on every host there is a runner for.
 *
 * A host is one file `run-<host>.mjs` that exports
 *   `start({ project, credentials, sandboxUrl }) → { version, run(engine), measure?(), close() } | { missing: why }`.
 * Prints a table, writes target/conformance.json. A host that is missing is named, and fails the run when CI is set.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { makeCredentials } from './credentials.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')
const project = join(root, 'target', 'conformance')
const engines = ['host', 'wasm']

/** The package as a user gets it, the suite beside it. */
function install() {
  const pkg = join(root, 'pkg')
  if (!existsSync(join(pkg, 'dist', 'index.js'))) throw new Error('the package is not built: cargo xtask build')
  rmSync(project, { recursive: true, force: true })
  mkdirSync(join(project, 'suite'), { recursive: true })
  const npm = (args, cwd) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', project], pkg))
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n')
  npm(['install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`], project)
  for (const name of readdirSync(here)) {
    if (/^(suite|kit|cases-.*)\.mjs$/.test(name)) cpSync(join(here, name), join(project, 'suite', name))
  }
  writeFileSync(join(project, 'sandbox.mjs'), "export { startSandbox } from 'payseal/sandbox'\n")
}

/** Each host has a sandbox of its own, so that what one leaves behind does not trouble the next. */
async function runHost(file, startSandbox) {
  const host = file.slice('run-'.length, -'.mjs'.length)
  const runner = await import(pathToFileURL(join(here, file)))
  const sandbox = await startSandbox({ port: 0 })
  try {
    const credentials = await makeCredentials(sandbox.url)
    const started = await runner.start({ project, credentials, sandboxUrl: sandbox.url })
    return started.missing ? [{ host, missing: started.missing }] : await runEngines(host, started)
  } finally {
    await sandbox.close()
  }
}

async function runEngines(host, started) {
  const { version } = started
  const rows = []
  try {
    for (const engine of engines) {
      const results = await started.run(engine)
      const failures = results.filter(result => !result.ok)
      rows.push({ host, version, engine, cases: results.length, passed: results.length - failures.length, failures })
    }
    if (started.measure) for (const row of rows) row.cpu = await started.measure(row.engine)
  } finally {
    await started.close()
  }
  return rows
}

function table(rows) {
  const cells = rows.map(({ host, version, engine, cases, passed, missing, cpu }) => {
    const cpuText = cpu
      ? `${cpu.signMs.toFixed(2)} ms signed, ${cpu.sendMs.toFixed(2)} ms signed, sent and verified`
      : ''
    return missing
      ? [host, 'not run', '', '', '', '', '']
      : [host, version, engine, `${cases}`, `${passed}`, `${cases - passed}`, cpuText]
  })
  const lines = [['host', 'version', 'engine', 'cases', 'passed', 'failed', 'CPU time of a request'], ...cells]
  const widths = lines[0].map((_, column) => Math.max(...lines.map(line => line[column].length)))
  return lines
    .map(line =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

install()
const { startSandbox } = await import(pathToFileURL(join(project, 'sandbox.mjs')))
const rows = []
const wanted = process.argv.slice(2)
const runners = readdirSync(here).filter(name => /^run-[a-z0-9]+\.mjs$/.test(name))
for (const file of runners.filter(name => wanted.length === 0 || wanted.some(host => name === `run-${host}.mjs`))) {
  rows.push(...(await runHost(file, startSandbox)))
}

for (const { host, engine, failures = [] } of rows) {
  for (const { name, error } of failures)
    console.log(`FAILED ${host}/${engine}: ${name}\n  ${error.replaceAll('\n', '\n  ')}\n`)
}
console.log(table(rows))
const missing = rows.filter(row => row.missing)
for (const { host, missing: why } of missing) console.log(`not run: ${host} (${why})`)
writeFileSync(join(root, 'target', 'conformance.json'), `${JSON.stringify(rows, null, 2)}\n`)
const failed = rows.some(row => row.failures?.length > 0 || row.cases === 0)
if (rows.length === 0 || failed || (missing.length > 0 && process.env.CI)) process.exitCode = 1
