// The merchant that everybody pays for, and the judge of what they make: a benchmark of requests that nobody would accept measures nothing.

import { readFileSync } from 'node:fs'
import { startSandbox } from 'payseal/sandbox'
import { batchSize, frame, path } from './contenders.mjs'
import { readBatches } from './handwritten.mjs'

/** The example file, 3,000 payees. */
export const csv = readFileSync(new URL('../../../tests/data/payouts-3000.csv', import.meta.url))

/** The same payees as objects, under other numbers each time. */
export const batches = (appid, number) => readBatches(csv, frame(appid, number), batchSize)

/** Runs `step` with a merchant's credentials, and with a function that lets the sandbox judge requests { headers, body }. */
export async function withSandbox(step) {
  const sandbox = await startSandbox()
  try {
    const { wechat } = await (await fetch(`${sandbox.url}/_sandbox/credentials`)).json()
    const { mchid, serialNo, privateKey, appid, platformCertificate: certificate } = wechat
    const judge = async (name, requests) => {
      if (requests.length !== 3) throw new Error(`${name} made ${requests.length} requests of 3,000 payees`)
      // Opening names takes the judge its time: one batch of each contender says enough.
      const [{ headers, body }] = requests
      const reply = await fetch(sandbox.url + path, { method: 'POST', headers, body })
      if (reply.status !== 200)
        throw new Error(`the sandbox refuses a request of ${name}: ${(await reply.json()).code}`)
    }
    const judgeSignature = async (name, authorization) => {
      const headers = { Authorization: authorization, Accept: 'application/json' }
      const reply = await fetch(`${sandbox.url}/v3/certificates`, { headers })
      if (reply.status !== 200) throw new Error(`the sandbox refuses a signature of ${name}`)
    }
    return await step({ mchid, serialNo, privateKey, appid, certificate }, { judge, judgeSignature })
  } finally {
    await sandbox.close()
  }
}
