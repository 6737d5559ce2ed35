/** workerd: the modules of the package by name, without nodejs_compat; a Worker that signs and sends. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline'

const worker = `import * as payseal from 'payseal'
import { runSuite } from './suite/suite.mjs'

let credentials
let alone
const clients = {}
const reach = (url, init) => fetch(url, init)
const query = '/v3/transfer/batches/out-batch-no/nosuchbatch1?need_query_detail=false'

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    const engine = searchParams.get('engine')
    if (pathname === '/empty') return new Response('')
    if (pathname === '/credentials') credentials = await request.json()
    if (pathname === '/suite') {
      alone ??= await withoutSheets()
      const { readSheet } = await import('payseal/sheet')
      return Response.json([alone, ...(await runSuite({ payseal, readSheet, engine, credentials, fetch: reach }))])
    }
    const wechat = (clients[engine ?? 'auto'] ??= new payseal.WechatPay({ ...credentials.wechat, engine: engine ?? 'auto' }))
    if (pathname === '/sign') {
      const signed = await wechat.sign({ method: 'GET', path: query })
      return new Response(new Request(signed.url, signed).headers.get('authorization'))
    }
    if (pathname === '/send') {
      const list = await wechat.send(await wechat.sign({ method: 'GET', path: '/v3/certificates' }))
      return new Response(String(list.data.data.length))
    }
    return new Response('')
  },
}

async function withoutSheets() {
  const name = 'payseal alone refuses an XLSX, and says what to import'
  const { transferBatches } = new payseal.WechatPay(credentials.wechat)
  const error = await transferBatches.prepareSheet(Uint8Array.of(0x50, 0x4b, 3, 4), {}).catch(error => error)
  const ok = error.code === 'ERR_ENGINE_UNAVAILABLE' && error.message.includes("import 'payseal/sheet'")
  return ok ? { name, ok } : { name, ok, error: String(error) }
}
`

const requests = 400

export async function start({ project, credentials }) {
  let binary
  try {
    binary = createRequire(import.meta.url)('workerd').default
  } catch {
    return { missing: 'npm package workerd' }
  }
  writeFileSync(join(project, 'worker.mjs'), worker)
  writeFileSync(join(project, 'workerd.capnp'), configuration(project))
  const child = spawn(binary, ['serve', 'workerd.capnp', '--socket-addr=http=127.0.0.1:0', '--control-fd=3'], {
    cwd: project,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  const url = `http://127.0.0.1:${await listening(child)}`
  await post(`${url}/credentials`, credentials)
  return {
    version: createRequire(import.meta.url)('workerd/package.json').version,
    run: async engine => (await fetch(`${url}/suite?engine=${engine}`)).json(),
    measure: engine => measure(child.pid, url, engine),
    async close() {
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill()
      await gone
    },
  }
}

/** Milliseconds of CPU per request: many of them, less what as many empty requests take. */
async function measure(pid, url, engine) {
  const cost = async path => {
    for (let warm = 0; warm < 50; warm += 1) await (await fetch(`${url}${path}`)).text()
    const before = cpuMs(pid)
    for (let round = 0; round < requests; round += 1) {
      const response = await fetch(`${url}${path}`)
      if (!response.ok) throw new Error(`the worker answered ${response.status} to ${path}`)
      await response.text()
    }
    return (cpuMs(pid) - before) / requests
  }
  const empty = await cost('/empty')
  return {
    requests,
    emptyMs: empty,
    signMs: (await cost(`/sign?engine=${engine}`)) - empty,
    sendMs: (await cost(`/send?engine=${engine}`)) - empty,
  }
}

/** User and system time of the process, all threads; Linux counts hundredths of a second. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function listening(child) {
  for await (const line of createInterface({ input: child.stdio[3] })) {
    const event = JSON.parse(line)
    if (event.event === 'listen' && event.socket === 'http') return event.port
  }
  throw new Error('workerd ended before it listened')
}

async function post(url, value) {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(value) })
  if (!response.ok) throw new Error(`the worker answered ${response.status}: ${await response.text()}`)
}

function configuration(project) {
  const manifest = JSON.parse(readFileSync(join(project, 'node_modules/payseal/package.json'), 'utf8'))
  const entry = name => join('node_modules/payseal', manifest.exports[name].workerd)
  const alias = (name, target) => `(name = "${name}", esModule = "export * from './${target.replace(/^payseal/, '')}'")`
  const suite = readdirSync(join(project, 'suite')).map(name => `suite/${name}`)
  const modules = ['worker.mjs', ...suite, ...reachable(project, [entry('.'), entry('./sheet')])]
  const embedded = modules.map(
    name => `(name = "${name}", ${name.endsWith('.wasm') ? 'wasm' : 'esModule'} = embed "${name}")`,
  )
  // A bare name is looked up beside the module that asks for it.
  const bare = [alias('payseal', entry('.')), alias('payseal/sheet', `../${entry('./sheet')}`)]
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "loopback", network = (allow = ["private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  compatibilityDate = "2025-09-01",
  globalOutbound = "loopback",
  modules = [
    ${[...embedded, ...bare].join(',\n    ')}
  ],
);
`
}

/** Every module that the entries import, so that nothing for another host comes along. */
function reachable(project, entries) {
  const seen = new Set()
  const visit = name => {
    if (seen.has(name)) return
    seen.add(name)
    if (name.endsWith('.wasm')) return
    const source = readFileSync(join(project, name), 'utf8')
    for (const [, path] of source.matchAll(/(?:from\s+|import\s*\(?\s*)['"](\.[^'"]+)['"]/g)) {
      visit(relative(project, join(project, dirname(name), path)))
    }
  }
  for (const entry of entries) visit(entry)
  // The entry asks for its module first: the order of this list does not matter, but workerd wants the entry's name to be known.
  return [...seen]
}
