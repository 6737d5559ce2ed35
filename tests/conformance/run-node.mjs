/** Node: a process of its own in the installed project. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const main = `import * as payseal from 'payseal'
import { readSheet } from 'payseal/sheet'
import { text } from 'node:stream/consumers'
import { runSuite } from './suite/suite.mjs'

const { engine, credentials } = JSON.parse(await text(process.stdin))
process.stdout.write(JSON.stringify(await runSuite({ payseal, readSheet, engine, credentials, fetch })))
`

export async function start({ project, credentials }) {
  writeFileSync(join(project, 'node.mjs'), main)
  return {
    version: process.versions.node,
    async run(engine) {
      const child = spawn(process.execPath, ['node.mjs'], { cwd: project, stdio: ['pipe', 'pipe', 'inherit'] })
      child.stdin.end(JSON.stringify({ engine, credentials }))
      return JSON.parse(await text(child.stdout))
    },
    async close() {},
  }
}
