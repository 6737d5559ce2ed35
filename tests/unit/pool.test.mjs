/** Threads that seal: the same ciphertexts' contents, in the same order, whatever happens to a thread. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { constants, privateDecrypt } from 'node:crypto'
import { afterEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startThread } from '../../pkg/dist/entry/node-threads.js'
import { sealingPool, useThreads } from '../../pkg/dist/pool.js'
import { sealer } from '../../pkg/dist/worker.js'
import { batch, client, platform, publicPem } from './fixture.mjs'

const real = async () => startThread
const clients = []

afterEach(async () => {
  useThreads(real)
  await Promise.all(clients.splice(0).map(wechat => wechat.close()))
})

/** Starts real threads and tells what they do; `wrap` may change one. */
function watched(wrap = thread => thread) {
  const seen = { started: 0, orders: [], ready: undefined, gone: 0 }
  seen.ready = new Promise(resolve => {
    let ready = 0
    useThreads(async () => on => {
      seen.started += 1
      const thread = startThread({
        answer: answer => {
          on.answer(answer)
          if (answer.id === 0) ready += 1
          if (ready === seen.started) resolve()
        },
        gone: () => {
          seen.gone += 1
          on.gone()
        },
      })
      const post = (order, moved) => {
        const { length } = order.lengths
        thread.post(order, moved)
        seen.orders.push({ length, order })
      }
      return wrap({ ...thread, post })
    })
  })
  return seen
}

/** Threads that idle keep no process alive, so a test that waits for them has to. */
async function until(event) {
  const timer = setInterval(() => {}, 1000)
  await event
  clearInterval(timer)
}

function withWorkers(workers, changes) {
  const wechat = client({ workers, ...changes })
  clients.push(wechat)
  return wechat
}

/** As many different names. */
function crowd(size) {
  const made = batch(size)
  for (const [index, detail] of made.transfer_detail_list.entries()) {
    const digits = [...String(index)].map(digit => '零一二三四五六七八九'[digit])
    detail.user_name = `林${digits.join('')}`
  }
  return made
}

const oaep = { key: platform.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
const opened = ciphertext => privateDecrypt(oaep, Buffer.from(ciphertext, 'base64')).toString()

/** Every name, opened by node:crypto, is the name of its row. */
async function right(wechat, size) {
  const made = crowd(size)
  const sealed = await wechat.transferBatches.prepare(made)
  const details = JSON.parse(Buffer.from(sealed.body).toString()).transfer_detail_list
  assert.equal(details.length, size)
  for (const [index, { user_name }] of details.entries())
    assert.equal(opened(user_name), made.transfer_detail_list[index].user_name, `row ${index + 1}`)
}

test('names sealed by threads open with node:crypto, each in its row, whatever the engine', async () => {
  for (const engine of ['host', 'wasm', 'auto']) {
    const seen = watched()
    const wechat = withWorkers(3, { engine })
    await right(wechat, 300)
    await until(seen.ready)
    const cold = seen.orders.length
    await right(wechat, 401)
    const parts = seen.orders.slice(cold).map(({ length }) => length)
    assert.deepEqual([seen.started, parts], [3, [134, 134, 133]])
  }
})

test('the batches of a sheet are sealed side by side and come in order', async () => {
  const seen = watched()
  const wechat = withWorkers(2)
  await right(wechat, 256)
  await until(seen.ready)
  const { transfer_detail_list: rows, ...head } = crowd(1900)
  const lines = rows.map(row => [row.out_detail_no, row.openid, row.user_name, '1.00', row.transfer_remark].join(','))
  const csv = Buffer.from(['out_detail_no,openid,user_name,金额(元),备注', ...lines].join('\n'))
  for (const [size, name] of [
    [700, 'with threads'],
    [1000, 'after their end'],
  ]) {
    const progress = []
    const { total_amount: _, total_num: __, ...rest } = head
    const options = { size, onProgress: ({ done, total }) => progress.push([done, total]) }
    const requests = await wechat.transferBatches.prepareSheet(csv, rest, options)
    const numbers = requests.map(({ number }) => number)
    assert.deepEqual(numbers, numbers.toSorted(), name)
    assert.deepEqual([progress.length, progress.at(-1)], [requests.length, [1900, 1900]])
    const details = requests.flatMap(({ body }) => JSON.parse(Buffer.from(body).toString()).transfer_detail_list)
    for (const [index, { out_detail_no, user_name }] of details.entries())
      assert.deepEqual([out_detail_no, opened(user_name)], [rows[index].out_detail_no, rows[index].user_name])
    await wechat.close()
  }
  assert.equal(seen.orders.length, 6)
})

test('a batch that comes while the threads start does not wait for them', async () => {
  useThreads(async () => () => ({ post: () => assert.fail('it is not ready'), hold() {}, end: async () => {} }))
  await right(withWorkers(2), 600)
})

test('small batches start no thread', async () => {
  const seen = watched()
  await right(withWorkers(2), 255)
  assert.equal(seen.started, 0)
})

test('what is copied for a thread moves there, and is zeroed there', async () => {
  const seen = watched()
  const wechat = withWorkers(2)
  await right(wechat, 256)
  await until(seen.ready)
  await right(wechat, 300)
  for (const { order } of seen.orders) assert.equal(order.plaintexts.byteLength, 0, 'a copy stayed behind')

  const answers = []
  const seal = sealer(answer => answers.push(answer))
  const spki = platform.publicKey.export({ type: 'spki', format: 'der' })
  const plaintexts = Buffer.from('林小满周子墨')
  await seal({ id: 7, engine: 'auto', spki, plaintexts, lengths: Uint32Array.of(9, 9) })
  assert.ok(plaintexts.every(byte => byte === 0))
  const { id, ciphertexts } = answers[0]
  const names = [0, 256].map(at => opened(Buffer.from(ciphertexts.subarray(at, at + 256))))
  assert.deepEqual([id, ...names], [7, '林小满', '周子墨'])
})

test('a thread that is killed over its part costs nothing but time, and is replaced', async () => {
  let killed = 0
  const seen = watched(thread => ({
    ...thread,
    post(order, moved) {
      thread.post(order, moved)
      if (killed++ === 0) thread.end()
    },
  }))
  const wechat = withWorkers(2)
  await right(wechat, 256)
  await until(seen.ready)
  const cold = seen.orders.length
  await right(wechat, 999)
  assert.deepEqual([seen.orders.length - cold > 0, seen.gone], [true, 1])
  await right(wechat, 300)
  assert.equal(seen.started, 3)
})

test('a thread that cannot seal leaves its part to the caller, where the reason is met', async () => {
  const failing = on => {
    queueMicrotask(() => on.answer({ id: 0 }))
    return { post: ({ id }) => queueMicrotask(() => on.answer({ id })), hold() {}, end: async () => {} }
  }
  useThreads(async () => failing)
  const calls = []
  const own = {
    verify: async () => true,
    async encrypt(plaintexts, lengths) {
      calls.push(lengths.length)
      if (plaintexts.includes(9)) throw new RangeError('the reason')
      return new Uint8Array(plaintexts)
    },
  }
  const pool = sealingPool(2, 'auto')
  const { encrypt } = pool.around(own, new Uint8Array(1))
  const texts = Uint8Array.from({ length: 1001 }, (_, index) => index % 5)
  const lengths = new Uint32Array(1001).fill(1)
  await encrypt(texts, lengths)
  calls.length = 0
  assert.deepEqual(await encrypt(texts, lengths), texts)
  assert.deepEqual(calls, [501, 500])
  texts[700] = 9
  await assert.rejects(encrypt(texts, lengths), /the reason/)
})

test('where no thread starts, it is tried once', async () => {
  for (const broken of ['load', 'start', 'script']) {
    let tried = 0
    const start = on => {
      if (broken === 'start') throw new Error('forbidden here')
      queueMicrotask(on.gone)
      return { post: () => assert.fail('it never started'), hold() {}, end: async () => {} }
    }
    useThreads(async () => {
      tried += 1
      if (broken === 'load') throw new Error('the file is not there')
      return start
    })
    const wechat = withWorkers(2)
    await right(wechat, 300)
    await right(wechat, 300)
    assert.equal(tried, 1, broken)
  }
})

test('close ends the threads, loses nothing, and leaves a client that works', async () => {
  const seen = watched()
  const wechat = withWorkers(2)
  await right(wechat, 256)
  await until(seen.ready)
  const under = right(wechat, 900)
  await Promise.all([under, wechat.close()])
  assert.equal(seen.gone, 2)
  const orders = seen.orders.length
  await right(wechat, 300)
  await wechat.close()
  assert.deepEqual([seen.started, seen.orders.length], [2, orders])
  await client().close()
})

test('a process ends by itself, with threads that idle, and not before they are done', () => {
  const script = `import { WechatPay } from 'payseal'
const make = ${batch}
import { randomBytes } from 'node:crypto'
const wechat = new WechatPay({ mchid: '1900001109', serialNo: 'AB12', privateKey: { sign: async () => new Uint8Array(256) },
  platformKeys: [{ id: 'PUB_KEY_ID_1', publicKey: ${JSON.stringify(publicPem)} }], workers: 2 })
for (let round = 0; round < 40; round += 1) await wechat.transferBatches.prepare(make(300))
console.log('done')`
  // It hangs when it fails; nothing else depends on the time.
  const options = { cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8', timeout: 120_000 }
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], options)
  assert.deepEqual([status, stdout, stderr], [0, 'done\n', ''])
})

test('workers is a number of threads, and a host without threads says so', () => {
  for (const workers of [-1, 1.5, '2', 65, Number.NaN, null, true])
    assert.throws(() => client({ workers }), { name: 'KeyError', code: 'ERR_OPTIONS' })
  useThreads(undefined)
  assert.throws(() => client({ workers: 2 }), { name: 'KeyError', code: 'ERR_ENGINE_UNAVAILABLE' })
  client({ workers: 0 })
})
