// wechatpayv3 from PyPI, in a virtual environment of its own under target/, driven by drive_wechatpayv3.py.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, receiver } from '../sandbox/merchant.mjs'

const here = name => fileURLToPath(new URL(name, import.meta.url))
const VENV = here('../../target/interop-venv')
const PYTHON = join(VENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')

/** Makes the environment unless one with the same requirements is there; returns why it could not be made. */
function prepare() {
  const requirements = readFileSync(here('requirements.txt'), 'utf8')
  const stamp = join(VENV, 'requirements.txt')
  if (existsSync(PYTHON) && existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) return undefined
  const steps = [
    ['python3', '-m', 'venv', '--clear', VENV],
    [PYTHON, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', here('requirements.txt')],
  ]
  for (const [command, ...parameters] of steps) {
    const { status, stderr, error } = spawnSync(command, parameters, { encoding: 'utf8' })
    if (status !== 0) {
      const reason = error?.message ?? stderr.trim().split('\n').at(-1)
      return `not run: ${command === 'python3' ? 'no virtual environment (install python3 and python3-venv)' : 'pip'}: ${reason}`
    }
  }
  writeFileSync(stamp, requirements)
  return undefined
}

const missing = prepare()
// On a developer's machine Python may be missing; where the result counts, that is a failure.
if (missing && process.env.CI) throw new Error(missing)
const options = { skip: missing ?? false }

/** Runs the client against a sandbox with one kind of platform key; resolves to what it saw and what was paid. */
async function drive(platform, number) {
  const sandbox = await startSandbox({ platform })
  const inbox = await receiver()
  const directory = mkdtempSync(join(tmpdir(), 'payseal-interop-'))
  const python = spawn(PYTHON, [here('drive_wechatpayv3.py')], {
    env: { ...process.env, NO_PROXY: '127.0.0.1', PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]()
  const exchange = async message => {
    python.stdin.write(`${JSON.stringify(message)}\n`)
    const { value } = await lines.next()
    assert.ok(value, 'the client stopped; its own words are above')
    return JSON.parse(value)
  }
  try {
    const credentials = await (await fetch(`${sandbox.url}/_sandbox/credentials`)).json()
    const { platformCertificate } = credentials.wechat
    if (platformCertificate) writeFileSync(join(directory, 'platform.pem'), platformCertificate)
    const { appid, ...batch } = batchOf(number, [1000, 200_000], { notify_url: inbox.url })
    for (const detail of batch.transfer_detail_list) detail.user_name = '测试甲' // this client seals names itself
    const seen = await exchange({ platform, credentials, directory, batch })
    const [{ headers, text }] = inbox.received
    return { seen, notification: await exchange({ headers, text }), ledger: sandbox.ledger() }
  } finally {
    python.stdin.end()
    rmSync(directory, { recursive: true })
    inbox.close()
    await sandbox.close()
  }
}

for (const [platform, number] of [
  ['public-key', 'python1'],
  ['certificate', 'python2'],
]) {
  test(`with a ${platform} it creates a batch with sealed names, and follows it to its end`, options, async () => {
    const { seen, notification, ledger } = await drive(platform, number)
    assert.deepEqual([seen.created.status, seen.created.body.out_batch_no], [200, number])
    assert.deepEqual(seen.byNumber, seen.byId)
    const { transfer_batch } = seen.byNumber.body
    assert.deepEqual([transfer_batch.batch_status, transfer_batch.success_amount], ['FINISHED', 201_000])
    assert.equal(seen.same.body.out_detail_no, `${number}d1`)
    assert.equal(seen.name, '测试甲')
    assert.equal(seen.spoiled, 'failed to verify the signature')
    assert.equal(notification.event_type, 'MCHTRANSFER.BATCH.FINISHED')
    assert.equal(notification.resource.out_batch_no, number)
    assert.equal(ledger.length, 2)
  })
}
