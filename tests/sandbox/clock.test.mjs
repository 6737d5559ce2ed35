import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { beijingDay, beijingTime, Clock } from '../../pkg/dist/sandbox/clock.js'

test('tasks run in the order in which they fall due, each at its own moment', async () => {
  const clock = new Clock()
  const start = clock.now()
  const ran = []
  const at = (seconds, name) =>
    clock.at(start + seconds * 1000, () => {
      ran.push([name, Math.round((clock.now() - start) / 1000)])
    })
  at(30, 'c')
  at(10, 'a')
  at(10, 'b')
  at(31, 'd')
  await clock.advance(30)
  assert.deepEqual(ran, [
    ['a', 10],
    ['b', 10],
    ['c', 30],
  ])
  await clock.advance(0.9)
  assert.equal(ran.length, 3)
  await clock.advance(0.2)
  assert.deepEqual(ran[3], ['d', 31])
})

test('a task can call for another on the same way, and is awaited', async () => {
  const clock = new Clock()
  const start = clock.now()
  const ran = []
  clock.at(start + 1000, async () => {
    clock.at(clock.now() + 5000, () => {
      ran.push('second')
    })
    await sleep(30)
    ran.push('first')
  })
  await clock.advance(60)
  assert.deepEqual(ran, ['first', 'second'])
})

test('two calls are one after the other', async () => {
  const clock = new Clock()
  const start = clock.now()
  await Promise.all([clock.advance(3600), clock.advance(3600)])
  const ahead = clock.now() - start
  assert.ok(ahead >= 7_200_000 && ahead < 7_260_000)
})

test('a task that fails does not stop the clock', async () => {
  const clock = new Clock()
  clock.at(clock.now() + 1000, () => {
    throw new Error('mistake')
  })
  await assert.rejects(clock.advance(2), /mistake/)
  await clock.advance(2)
})

test('without advancing, tasks run in real time, until the clock is stopped', async () => {
  const clock = new Clock()
  const alive = setInterval(() => {}, 1000) // the clock's own timer does not keep a process running
  await new Promise(resolve => clock.at(clock.now() + 20, resolve))
  clearInterval(alive)
  let late = false
  clock.at(clock.now() + 20, () => {
    late = true
  })
  clock.stop()
  await sleep(60)
  await clock.advance(60)
  assert.equal(late, false)
})

test('time does not go back', () => {
  const clock = new Clock()
  for (const seconds of [-1, Number.NaN, Number.POSITIVE_INFINITY, '5'])
    assert.throws(() => clock.advance(seconds), RangeError)
})

test('times and days are those of China', () => {
  const moment = Date.parse('2026-01-31T23:59:59+08:00')
  assert.equal(beijingTime(moment), '2026-01-31T23:59:59+08:00')
  assert.equal(beijingTime(moment + 1000), '2026-02-01T00:00:00+08:00')
  assert.equal(beijingDay(moment + 1000) - beijingDay(moment), 1)
})
