// S5, the part that runs in the page: the whole job, and nothing but the sealing with WebCrypto.

import { contenders } from './contenders.mjs'
import { namesOf, sealingAlone } from './sealing.mjs'
import { interleaved } from './statistics.mjs'

const sealing = { name: 'RSA-OAEP', hash: 'SHA-1' }

/** `{ requests, times }`: what the judge shall see, and the milliseconds of every turn. */
export async function measure({ credentials, rounds }) {
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
