/** The package as a user meets it: packed, installed in an empty project, imported, required, compiled against. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('../../', import.meta.url))
const pkg = join(root, 'pkg')
const project = join(root, 'target', 'packaging')
const manifest = JSON.parse(readFileSync(join(pkg, 'package.json'), 'utf8'))
/** Bytes of brotli: what a release may weigh, and what the core should. */
const ceilings = { core: 170 * 1024, private: 80 * 1024, files: 140 * 1024 }
const goal = 110 * 1024

let tarball
let files

function run(command, args, cwd = project) {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout}\n${error.stderr}`)
  }
}

const tool = name => join(root, 'node_modules', '.bin', name)

before(() => {
  assert.ok(existsSync(join(pkg, 'dist', 'index.js')), 'the package is not built: cargo xtask build')
  rmSync(project, { recursive: true, force: true })
  mkdirSync(project, { recursive: true })
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', project], pkg))
  tarball = join(project, packed.filename)
  files = packed.files.map(file => file.path)
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n')
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball])
})

after(() => rmSync(project, { recursive: true, force: true }))

test('the tarball holds what it needs, and nothing else', () => {
  for (const file of [
    'package.json',
    'README.md',
    'wasm/core_bg.wasm',
    'wasm/core_relaxed_bg.wasm',
    'wasm/private_bg.wasm',
    'wasm/files_bg.wasm',
    'dist/bundle/node.js',
    'dist/bundle/node-worker.js',
    'dist/bundle/web.js',
    'dist/bundle/web-worker.js',
    'dist/bundle/workerd.js',
    'dist/index.d.ts',
    'dist/sandbox/index.js',
  ]) {
    assert.ok(files.includes(file), `${file} is missing`)
  }
  for (const file of files)
    assert.match(
      file,
      /^(package\.json|README\.md|LICENSE.*|wasm\/(core(_relaxed)?|private|files)_bg\.wasm|dist\/(bundle|sandbox)\/.*\.js|dist\/.*\.d\.ts)$/,
    )
  assert.deepEqual(Object.keys(manifest.dependencies ?? {}), [])
  assert.deepEqual(
    readdirSync(join(project, 'node_modules')).filter(name => !name.startsWith('.')),
    ['payseal'],
  )
})

test('the tarball holds the licences, as they are in the repository', () => {
  const licences = readdirSync(root).filter(name => name.startsWith('LICENSE'))
  assert.deepEqual(
    files.filter(name => name.startsWith('LICENSE')),
    licences.sort(),
  )
  assert.ok(licences.includes('LICENSE-MIT') && licences.includes('LICENSE-APACHE'))
  for (const name of licences)
    assert.deepEqual(readFileSync(join(project, 'node_modules/payseal', name)), readFileSync(join(root, name)), name)
})

test('every path that package.json names is in the tarball', () => {
  const paths = value => (typeof value === 'string' ? [value] : Object.values(value).flatMap(paths))
  for (const path of paths(manifest.exports)) assert.ok(files.includes(path.replace('./', '')), `${path} is missing`)
})

test('no file names a place on the machine that built it', () => {
  const installed = join(project, 'node_modules', 'payseal')
  for (const file of files) {
    const content = readFileSync(join(installed, file), 'latin1')
    for (const place of [root, '/root/', '/home/', '/Users/', '/.cargo/', '/rustup/'])
      assert.ok(!content.includes(place), `${file} names ${place}`)
  }
})

test('User-Agent names the version of package.json', async () => {
  const { version } = await import('payseal')
  assert.equal(version, manifest.version)
})

const use = `
const wechat = new WechatPay({ mchid: '1900001109', serialNo: 'AB12', privateKey: { sign: async () => new Uint8Array(256) } })
const report = wechat.transferBatches.validate({})
if (report.ok || report.issues.length < 5) throw new Error('validate')
`

test('it imports on Node, all entries', () => {
  const source = `import { WechatPay, PayoutError, SealedRequest } from 'payseal'
import { readSheet } from 'payseal/sheet'
import { startSandbox } from 'payseal/sandbox'
${use}
const signed = await wechat.sign({ method: 'GET', path: '/v3/certificates' })
new Request(signed.url, signed)
await readSheet(new Uint8Array(), { target: 'wechat-batch' }).catch(error => { if (!(error instanceof PayoutError)) throw error })
const sandbox = await startSandbox({ port: 0 })
new WechatPay(sandbox.wechat)
await sandbox.close()
console.log(typeof SealedRequest.from, import.meta.resolve('payseal/payseal.wasm').endsWith('/wasm/core_bg.wasm'))
`
  writeFileSync(join(project, 'use.mjs'), source)
  assert.equal(run(process.execPath, ['use.mjs']).trim(), 'function true')
})

test('the module for files is not touched before such a file comes, and is asked for again after it was missing', () => {
  const source = `import { readFileSync, renameSync } from 'node:fs'
import { readSheet } from 'payseal/sheet'
const [here, aside] = ['wasm/files_bg.wasm', 'aside.wasm'].map(name => new URL('node_modules/payseal/' + name, import.meta.url))
const read = async bytes => (await readSheet(bytes, { target: 'wechat-batch' })).count
const [csv, xlsx] = ['same-utf8.csv', 'same.xlsx'].map(name => readFileSync(process.argv[2] + name))
renameSync(here, aside)
const seen = [await read(csv), await read(xlsx).catch(error => [error.code, error.cause.code].join())]
renameSync(aside, here)
console.log(...seen, await read(xlsx), import.meta.resolve('payseal/payseal-files.wasm') === here.href)
`
  writeFileSync(join(project, 'lazy.mjs'), source)
  const printed = run(process.execPath, ['lazy.mjs', join(root, 'tests/data/sheets/')])
  assert.equal(printed.trim(), '3 ERR_ENGINE_UNAVAILABLE,ENOENT 3 true')
})

const batchFromSheet = `
async function prepared(files, publicKey) {
  const wechat = new WechatPay({
    mchid: '1900001109', serialNo: 'AB12', privateKey: { sign: async () => new Uint8Array(256) },
    platformKeys: [{ id: 'PUB_KEY_ID_0114232134912410000000000000', publicKey }],
  })
  const head = { appid: 'wxf636efh567hg4356', out_batch_no: 'sheet1', batch_name: 'n', batch_remark: 'r', transfer_scene_id: '1000' }
  for (const file of files) {
    const [{ number, count, total, fingerprint }] = await wechat.transferBatches.prepareSheet(readFileSync(file), head)
    console.log(number, count, total, fingerprint)
  }
}
prepared(process.argv.slice(3), readFileSync(process.argv[2], 'utf8'))
`

test('payseal alone makes batches of CSV, GB18030 and XLSX, imported and required', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(join(project, 'key.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
  const sheets = ['same-utf8.csv', 'same-gbk.csv', 'same.xlsx'].map(name => join(root, 'tests/data/sheets', name))
  const names = ['{ readFileSync }', '{ WechatPay }']
  const imported = `import ${names[0]} from 'node:fs'\nimport ${names[1]} from 'payseal'`
  const required = `const ${names[0]} = require('node:fs')\nconst ${names[1]} = require('payseal')`
  for (const [file, start] of Object.entries({ 'alone.mjs': imported, 'alone.cjs': required })) {
    writeFileSync(join(project, file), `${start}\n${batchFromSheet}`)
    const lines = run(process.execPath, [file, 'key.pem', ...sheets])
      .trim()
      .split('\n')
    assert.match(lines[0], /^sheet1001 3 201279 [0-9a-f]{64}$/)
    assert.deepEqual(lines, [lines[0], lines[0], lines[0]])
  }
})

test('payseal loads no module beside the core at first, none of Node as an ES module, and Workers carry no XLSX', () => {
  const bundle = name => readFileSync(join(project, 'node_modules/payseal/dist/bundle', name), 'utf8')
  const reached = (name, seen = new Set()) => {
    seen.add(name)
    for (const [, next] of bundle(name).matchAll(/from "\.\/([^"]+)"/g)) if (!seen.has(next)) reached(next, seen)
    return [...seen]
  }
  for (const host of ['node', 'web', 'workerd']) {
    const first = reached(`${host}.js`)
    for (const module of ['private', 'files'])
      assert.ok(!first.includes(`${host}-${module}.js`), `${host} loads the module ${module} at once`)
    // A bundler packs whatever is named, loaded or not.
    const named = first.some(name => bundle(name).includes('files_bg.wasm'))
    assert.equal(named, host !== 'workerd', host)
    assert.ok(
      first.some(name => bundle(name).includes('private_bg.wasm')),
      host,
    )
    // An `import` of Node's own modules loads its streams and its WebCrypto, which takes as long as much of what is asked for.
    for (const name of first)
      assert.doesNotMatch(bundle(name), /from "node:/, `${name} imports a module of Node at once`)
  }
})

test('it can be required on Node, without a warning, and is the same module', () => {
  const source = `const { WechatPay, PayoutError } = require('payseal')
const { readSheet } = require('payseal/sheet')
const { startSandbox } = require('payseal/sandbox')
${use}
import('payseal').then(module => console.log(module.PayoutError === PayoutError, typeof readSheet, typeof startSandbox))
`
  writeFileSync(join(project, 'use.cjs'), source)
  assert.equal(run(process.execPath, ['--throw-deprecation', 'use.cjs']).trim(), 'true function function')
  const warned = run('sh', ['-c', `"${process.execPath}" use.cjs 2>&1 >/dev/null`])
  assert.equal(warned, '')
})

const pingppTypes = `import { type BatchTransfer, type BatchTransferState, Pingpp, ProviderError } from 'payseal'
const pingpp = new Pingpp({ app: 'a', apiKey: 'k', privateKey: 'x', platformPublicKey: 'y', seen: async id => id === '', limits: { luhn: true } })
const batch: BatchTransfer = {
  app: 'a', batch_no: 'b', channel: 'alipay', amount: 1n, description: 'd', type: 'b2c', recipients: [{ amount: 1, account: 'x' }],
}
const headOf = ({ recipients: _, amount: __, ...head }: BatchTransfer) => head
export async function pay(): Promise<string | undefined> {
  const sealed = await pingpp.batchTransfers.prepare(batch)
  const { outcome, reply, error } = await pingpp.batchTransfers.create(sealed)
  if (error instanceof ProviderError) error.param?.length
  const sheet = await pingpp.batchTransfers.prepareSheet(new Uint8Array(), headOf(batch), { approved: 'h', size: 1, amountUnit: 'fen' })
  for (const part of pingpp.batchTransfers.split({ ...headOf(batch), recipients: batch.recipients })) sheet[0]?.number === part.batch_no
  const found = outcome === 'unknown' ? await pingpp.batchTransfers.find(sealed.number, { since: new Date() }) : reply?.data
  for await (const { recipients } of pingpp.batchTransfers.list({ created: { gte: 1 } })) recipients[0]?.status?.length
  for await (const transfer of pingpp.transfers.list({ channel: 'wx' })) await pingpp.transfers.reverse(transfer.id)
  const { data } = await pingpp.event<BatchTransferState>({ headers: {}, body: '' })
  return found?.id ?? data.object.recipients[0]?.transfer
}
// @ts-expect-error: persons or companies is for the caller to say
pingpp.batchTransfers.prepareSheet(new Uint8Array(), { app: 'a', batch_no: 'b', channel: 'alipay', description: 'd' })
// @ts-expect-error: a filter that does not exist
pingpp.batchTransfers.list({ per_page: 1 })
// @ts-expect-error: what to look for needs a time to look from
pingpp.batchTransfers.find('b')
// @ts-expect-error: ids are text, their digits do not fit a number
pingpp.batchTransfers.get(1801708311830114137)
// @ts-expect-error: a bank code is text
export const wrong: BatchTransfer = { ...batch, recipients: [{ amount: 1, open_bank_code: 308 }] }
`

test('its types compile alone, strictly, without the types of any host', () => {
  const source = `import { BatchError, type Outcome, type TransferBatch, WechatPay, SealedRequest } from 'payseal'
import { readSheet } from 'payseal/sheet'

const wechat = new WechatPay({ mchid: '1', serialNo: 'A', privateKey: 'x', platformKeys: [{ id: 'a', publicKey: 'b' }, { certificate: 'c' }] })
const batch: TransferBatch = {
  appid: 'wx', out_batch_no: 'b', batch_name: 'n', batch_remark: 'r', total_amount: 1n, total_num: 1,
  transfer_detail_list: [{ out_detail_no: 'd', transfer_amount: 1, transfer_remark: 'r', openid: 'o' }],
}
export async function pay(): Promise<Outcome['next']> {
  const sealed = await wechat.transferBatches.prepare(batch)
  const again = SealedRequest.from(JSON.stringify(sealed))
  const outcome = await wechat.transferBatches.create(again)
  if (outcome.outcome === 'accepted') outcome.reply.data.batch_id.length
  else if (outcome.outcome === 'rejected') outcome.error.status.toFixed()
  else outcome.error?.code.length
  for await (const detail of wechat.transferBatches.details({ outBatchNo: 'b' })) detail.detail_status.length
  const { transfer_batch } = await wechat.transferBatches.get({ batchId: '1' }, { details: 'FAIL' })
  transfer_batch.success_num?.toFixed()
  const { rows } = await readSheet<{ openid: string }>(new Uint8Array(), { target: 'wechat-batch' })
  rows[0]?.openid.length
  return outcome.next
}
// @ts-expect-error: both numbers at once name no batch
wechat.transferBatches.get({ outBatchNo: 'b', batchId: '1' })
// @ts-expect-error: a body must be raw
wechat.verify({ headers: {}, body: { parsed: true } })
// @ts-expect-error: amounts are numbers
export const wrong: TransferBatch = { ...batch, total_amount: '1' }
export const code: string = new BatchError('ERR_BATCH_INVALID', 'x').code
`
  writeFileSync(join(project, 'alone.ts'), source)
  const compile = (file, options) => {
    const strict = { noEmit: true, strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }
    const compilerOptions = { ...strict, target: 'es2023', module: 'nodenext', types: [], ...options }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }))
    run(tool('tsc'), ['-p', 'tsconfig.json'])
  }
  compile('alone.ts', { lib: ['es2023'] })
  writeFileSync(join(project, 'pingpp.ts'), pingppTypes)
  compile('pingpp.ts', { lib: ['es2023'] })
  // With a host's own types, its objects are accepted as they are.
  const hosted = `import { WechatPay, type FetchLike } from 'payseal'
declare const key: CryptoKey
const given: FetchLike = fetch
const wechat = new WechatPay({ mchid: '1', serialNo: 'A', privateKey: key, fetch })
export async function send(request: Request): Promise<Response> {
  await wechat.notification({ headers: request.headers, body: await request.text() })
  const signed = await wechat.sign({ method: 'GET', path: '/v3/x', query: new URLSearchParams() })
  await wechat.send(signed, { signal: AbortSignal.timeout(1) })
  await given(signed.url, { ...signed, signal: new AbortController().signal })
  return fetch(signed.url, signed)
}
`
  writeFileSync(join(project, 'hosted.ts'), hosted)
  compile('hosted.ts', { lib: ['es2023', 'webworker'] })
  writeFileSync(
    join(project, 'hosted.ts'),
    hosted.replace(
      'declare const key: CryptoKey',
      "import type { KeyObject } from 'node:crypto'\ndeclare const key: KeyObject",
    ),
  )
  const typeRoots = [join(root, 'node_modules', '@types')]
  compile('hosted.ts', { lib: ['es2023'], types: ['node'], typeRoots, skipLibCheck: true })
})

test('publint and attw find nothing', () => {
  run(tool('publint'), ['--strict', tarball])
  run(tool('attw'), [
    '--profile',
    'esm-only',
    '--exclude-entrypoints',
    'payseal.wasm',
    'payseal-relaxed.wasm',
    'payseal-private.wasm',
    'payseal-files.wasm',
    '--',
    tarball,
  ])
})

test('the modules stay under their ceilings', () => {
  for (const [name, ceiling] of Object.entries(ceilings)) {
    const wasm = readFileSync(join(project, 'node_modules', 'payseal', 'wasm', `${name}_bg.wasm`))
    const brotli = brotliCompressSync(wasm).length
    console.log(
      `${name}_bg.wasm ${wasm.length} B, gzip ${gzipSync(wasm).length} B, brotli ${brotli} B (ceiling ${ceiling} B)`,
    )
    assert.ok(brotli <= ceiling, `${name}: ${brotli} bytes of brotli are above ${ceiling}`)
  }
  console.log(`goal of the core ${goal} B; tarball ${statSync(tarball).size} B`)
})
