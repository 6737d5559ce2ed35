// S1 to S4, S6 and S7: warm, in turns, in one process.

import { contenders } from './contenders.mjs'
import { batches, csv, withSandbox } from './sandboxed.mjs'
import { namesOf, sealingAlone } from './sealing.mjs'
import { comparison, interleaved } from './statistics.mjs'

const hand = 'node:crypto by hand'
const plugin = 'wechatpay-axios-plugin'
const wasm = 'payseal, engine wasm'
const pooled = 'payseal, 2 workers'

export async function jobs({ quick, wants, modern, progress }) {
  const whole = wants('S1', 'S2', 'S3', 'S4')
  const signing = wants('S6', 'S7')
  if (!whole && !signing) return []
  return withSandbox(async (credentials, judges) => {
    const names = [...(whole ? ['payseal', pooled, hand, plugin] : []), ...(signing ? ['payseal', hand, wasm] : [])]
    if (signing) names.push('node-forge', 'jsrsasign')
    const made = {}
    for (const name of new Set(names)) made[name] = await contenders[name](credentials)
    const rows = []
    if (whole) rows.push(...(await wholeJob(made, credentials, judges, { quick, wants, modern, progress })))
    if (signing) rows.push(...(await signatures(made, judges, { quick, wants, progress })))
    await made[pooled]?.close()
    return rows
  })
}

async function wholeJob(made, { appid, certificate }, { judge }, { quick, wants, modern, progress }) {
  progress('the sandbox judges a request of each')
  await judge('payseal', await made.payseal.csv(csv, 'JUDGE1N'))
  // The first times also start the threads.
  for (let round = 0; round < 4; round++) await made[pooled].csv(csv, 'BENCH')
  await judge(pooled, await made[pooled].csv(csv, 'JUDGE2N'))
  await judge('payseal', await made.payseal.objects(batches(appid, 'JUDGE3N')))
  for (const [index, name] of [hand, plugin].entries())
    await judge(name, await made[name].objects(batches(appid, `JUDGE${index + 4}N`)))

  const payees = batches(appid, 'BENCH')
  const turns = {
    payseal: () => made.payseal.csv(csv, 'BENCH'),
    objects: () => made.payseal.objects(payees),
    [pooled]: () => made[pooled].csv(csv, 'BENCH'),
    [hand]: () => made[hand].objects(payees),
    [plugin]: () => made[plugin].objects(payees),
    alone: await sealingAlone(certificate, await namesOf(csv)),
  }
  if (!wants('S3')) delete turns[plugin]
  if (!wants('S4')) delete turns[pooled]
  progress('3,000 payees')
  const times = await interleaved(turns, quick ? 5 : 15)
  const job = '3,000 payees, CSV → signed bodies'
  const compare = (id, ours, theirs, goal, more) =>
    times[ours] && times[theirs]
      ? [comparison({ id, job, ours, theirs, goal, ...more }, times[ours], times[theirs])]
      : []
  // Where multiply-add is not fused, the host seals instead of the core.
  const floor = modern && { floor: { what: 'sealing alone', turns: times.alone } }
  const halved = times.alone.map(({ ms }) => ({ ms: ms / 2 }))
  return [
    ...compare(modern ? 'S1' : 'S2', 'payseal', hand, modern ? 0.65 : 1, floor),
    ...compare('S3', 'payseal', plugin, modern ? 1 / 4 : 1 / 6, floor),
    ...compare('S4', pooled, hand, 0.33, {
      threads: 2,
      ...(modern && { floor: { what: 'half the time of sealing alone', turns: halved } }),
      ...(!modern && { note: 'without relaxed SIMD the threads seal by node:crypto' }),
    }),
    ...compare('objects', 'objects', hand, null, { ours: 'payseal', job: '3,000 payees, objects → signed bodies' }),
  ]
}

async function signatures(made, { judgeSignature }, { quick, wants, progress }) {
  const header = signed => signed.headers?.Authorization ?? signed
  for (const name of ['payseal', wasm, hand, 'node-forge', 'jsrsasign'])
    await judgeSignature(name, header(await made[name].sign()))
  const signing = (name, count) => async () => {
    for (let done = 0; done < count; done++) await made[name].sign()
  }
  const rows = []
  if (wants('S6')) {
    progress('signatures')
    const times = await interleaved({ ours: signing('payseal', 20), theirs: signing(hand, 20) }, quick ? 15 : 41)
    const facts = { id: 'S6', job: '20 signed GET requests', ours: 'payseal', theirs: hand, goal: 1.2 }
    rows.push(comparison(facts, times.ours, times.theirs))
  }
  if (wants('S7')) {
    progress('signatures in WebAssembly and in JavaScript')
    const turns = Object.fromEntries([wasm, 'node-forge', 'jsrsasign'].map(name => [name, signing(name, 3)]))
    const times = await interleaved(turns, quick ? 5 : 15)
    for (const theirs of ['node-forge', 'jsrsasign']) {
      const facts = { id: 'S7', job: '3 signed GET requests', ours: wasm, theirs, goal: 0.3 }
      rows.push(comparison(facts, times[wasm], times[theirs]))
    }
  }
  return rows
}
