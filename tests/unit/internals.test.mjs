/** The small stones: headers, bytes, JSON text. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { asBytes, base64, unbase64 } from '../../pkg/dist/bytes.js'
import { plainHeaders, requestId, retryAfterMs } from '../../pkg/dist/headers.js'
import { jsonText } from '../../pkg/dist/json.js'

test('headers of every make become one plain object in lower case', () => {
  const expected = { 'x-a': '1', 'x-b': '2, 3' }
  const headers = new Headers([
    ['X-A', '1'],
    ['X-B', '2'],
    ['x-b', '3'],
  ])
  const forms = [
    headers,
    new Map([
      ['X-A', '1'],
      ['X-B', '2, 3'],
    ]),
    [
      ['X-A', '1'],
      ['X-B', '2'],
      ['x-b', '3'],
    ],
    { 'X-A': 1, 'X-B': ['2', '3'], 'X-C': undefined, 'X-D': null },
    { 'x-a': '1', 'X-B': '2', 'x-b': '3' },
  ]
  for (const form of forms) assert.deepEqual(plainHeaders(form), expected)
  for (const nothing of [null, undefined, 'text', 7, {}, []]) assert.deepEqual(plainHeaders(nothing), {})
  assert.equal(Object.getPrototypeOf(plainHeaders({ __proto__: null, constructor: 'x' })), Object.prototype)
  assert.deepEqual(plainHeaders(JSON.parse('{"__proto__":"x"}')).polluted, undefined)
})

test('Retry-After is milliseconds, from seconds or a date, or nothing', () => {
  const now = Date.UTC(2026, 10, 22)
  const read = value => retryAfterMs({ 'retry-after': value }, now)
  assert.equal(read('7'), 7000)
  assert.equal(read(' 0 '), 0)
  assert.equal(read('Sun, 22 Nov 2026 00:00:09 GMT'), 9000)
  assert.equal(read('Sat, 21 Nov 2026 00:00:00 GMT'), 0)
  for (const value of ['', undefined, 'soon', '-1x']) assert.equal(read(value), undefined)
})

test('a Request-ID is taken only when it looks like one', () => {
  assert.equal(requestId({ 'request-id': '08F78BB5AF06' }), '08F78BB5AF06')
  for (const value of [undefined, '', 'two words', 'x'.repeat(129), 'é'])
    assert.equal(requestId({ 'request-id': value }), undefined)
})

test('base64 goes there and back, and is strict', () => {
  for (const size of [0, 1, 2, 3, 255, 256, 20_000]) {
    const bytes = randomBytes(size)
    assert.equal(base64(bytes), bytes.toString('base64'))
    assert.deepEqual(Buffer.from(unbase64(base64(bytes))), bytes)
  }
  for (const wrong of ['A', 'AA', 'AAA', 'AA=A', '====', 'AAAA ', 'AA-_', 'AAAA\n'])
    assert.equal(unbase64(wrong), undefined, wrong)
})

test('bytes are taken from every view without a copy, and from nothing else', () => {
  const whole = new Uint8Array([1, 2, 3, 4])
  assert.equal(asBytes(whole), whole)
  assert.deepEqual(asBytes(new DataView(whole.buffer, 1, 2)), new Uint8Array([2, 3]))
  assert.equal(asBytes(whole.subarray(1)).buffer, whole.buffer)
  const shared = new Uint8Array(new SharedArrayBuffer(2))
  assert.ok(asBytes(shared).buffer instanceof ArrayBuffer)
  for (const other of [undefined, null, 'x', {}, [], 7]) assert.equal(asBytes(other), undefined)
})

test('JSON text: BigInt within range is a number, beyond it is one that no amount may be', () => {
  assert.equal(jsonText({ a: 5n, b: [-7n], c: 'x' }), '{"a":5,"b":[-7],"c":"x"}')
  assert.equal(jsonText({ a: 2n ** 53n - 1n }), '{"a":9007199254740991}')
  assert.equal(jsonText({ a: 2n ** 64n, b: -(2n ** 64n) }), '{"a":9007199254740992,"b":-9007199254740992}')
  assert.equal(jsonText('{ }'), '{ }')
  const cycle = { a: 1n }
  cycle.self = cycle
  let deep = []
  for (let level = 0; level < 100_000; level += 1) deep = [deep]
  for (const wrong of [cycle, deep, undefined, () => {}, Symbol('x')]) {
    assert.throws(() => jsonText(wrong), { name: 'BatchError', code: 'ERR_BODY_FORMAT' })
  }
})
