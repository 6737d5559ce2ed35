/**
 * The conformance suite: what the package promises on every host. Cases only; nothing here knows a host.
 *
 * `payseal` is the package as that host loads it, `readSheet` comes from `payseal/sheet`, `engine` is 'host' or 'wasm',
 * `credentials` is what the driver made and the sandbox gave, `fetch` reaches the sandbox, `report` hears of each case.
 */
import { cases as batches } from './cases-batches.mjs'
import { cases as incoming } from './cases-incoming.mjs'
import { cases as keys } from './cases-keys.mjs'
import { cases as pingpp } from './cases-pingpp.mjs'
import { cases as replies } from './cases-replies.mjs'
import { cases as sandbox } from './cases-sandbox.mjs'
import { cases as signing } from './cases-signing.mjs'
import { cases as threads } from './cases-threads.mjs'

export const cases = { ...keys, ...signing, ...batches, ...incoming, ...replies, ...sandbox, ...pingpp, ...threads }

/** Runs every case, one after the other. */
export async function runSuite({ payseal, readSheet, engine, credentials, fetch, report = () => {} }) {
  const { wechat, pingpp, judge } = credentials
  const lines = pem => pem.split('\n').filter(line => line.length > 40)
  const secrets = [
    wechat.apiV3Key,
    judge.privateKey.slice(40, 80),
    ...lines(wechat.privateKey),
    pingpp.apiKey,
    ...lines(pingpp.privateKey),
    '林小满',
    '周子墨',
    'o-MYE42l80',
  ]
  const results = []
  for (const [name, run] of Object.entries(cases)) {
    const result = { name, ok: true }
    try {
      await run({ payseal, readSheet, engine, credentials, fetch, secrets })
    } catch (error) {
      Object.assign(result, { ok: false, error: String(error?.stack ?? error) })
    }
    results.push(result)
    report(result)
  }
  return results
}
