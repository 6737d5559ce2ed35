// The part of S5 and S8 that runs in the page.

import { contenders } from './contenders.mjs'
import { namesOf, sealingAlone } from './sealing.mjs'
import { sheet } from './sheets.mjs'
import { interleaved } from './statistics.mjs'
import { checked, validators } from './validators.mjs'

const sealing = { name: 'RSA-OAEP', hash: 'SHA-1' }

/** S5, the whole job and nothing but the sealing with WebCrypto: `{ requests, times }`, what the judge shall see and the milliseconds of every turn. */
export async function wholeJob({ credentials, rounds }) {
  const csv = new Uint8Array(await (await fetch('/tests/data/payouts-3000.csv')).arrayBuffer())
  const payseal = await contenders.payseal(credentials)
  const requests = (await payseal.csv(csv, 'PAGE')).map(({ headers, body }) => ({
    headers,
    body: new TextDecoder().decode(body),
  }))
  // Chromium reads no certificates: any key of this size takes as long.
  const { publicKey } = await crypto.subtle.generateKey(
    { ...sealing, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
    false,
    ['encrypt', 'decrypt'],
  )
  const names = await namesOf(csv)
  const ours = () => payseal.csv(csv, 'BENCH')
  const theirs = () => Promise.all(names.map(name => crypto.subtle.encrypt(sealing.name, publicKey, name)))
  const floor = await sealingAlone(credentials.certificate, names)
  return { requests, times: await interleaved({ ours, theirs, floor }, rounds, 3) }
}

/** S8: the milliseconds of every turn. */
export async function largeSheet({ rowCount, rounds }) {
  const bytes = sheet(rowCount)
  const makers = Object.values(validators)
  const [ours, theirs] = await Promise.all(makers.map(async make => checked(await make(), bytes, rowCount)))
  return interleaved({ ours, theirs }, rounds)
}
