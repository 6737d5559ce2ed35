// S11: from the import to the first signature, and to the first sealed name.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inTurns } from './children.mjs'
import { withSandbox } from './sandboxed.mjs'
import { comparison } from './statistics.mjs'

export async function coldStarts({ quick, wants, scratch, progress }) {
  if (!wants('S11')) return []
  const credentialsFile = join(scratch, 'credentials.json')
  await withSandbox(async credentials => {
    writeFileSync(credentialsFile, JSON.stringify(credentials), { mode: 0o600 })
  })
  const [ours, theirs, hand] = ['payseal', 'wechatpay-axios-plugin', 'node:crypto by hand']
  const rows = []
  for (const [task, job, goal] of [
    ['sign', 'fresh process: import → first signature', 0.25],
    ['seal', 'fresh process: import → first sealed name', null],
  ]) {
    progress(job)
    // Whoever signs by OpenSSL waits for it. The one by hand does not seal alone.
    const signs = task === 'sign'
    const found = inTurns(task, [ours, theirs, ...(signs ? [hand] : [])], credentialsFile, quick ? 5 : 15)
    const floor = signs && { floor: { what: hand, turns: found[hand] } }
    rows.push(comparison({ id: 'S11', job, ours, theirs, goal, ...floor }, found[ours], found[theirs]))
  }
  return rows
}
