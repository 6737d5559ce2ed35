// Everything that is measured on one Node, in one process and its children. Progress on stderr, one JSON text on stdout.
//   node --expose-gc per-node.mjs '{ "only": ["S1"] | null, "quick": false }'

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coldStarts } from './cold.mjs'
import { growth } from './growth.mjs'
import { jobs } from './jobs.mjs'
import { largeSheets } from './large-sheets.mjs'

const { only, quick } = JSON.parse(process.argv[2])
const node = process.versions.node
const scratch = mkdtempSync(join(tmpdir(), 'payseal-bench-'))
const settings = {
  quick,
  scratch,
  /** Whether one of these rows is asked for. */
  wants: (...ids) => !only || ids.some(id => only.includes(id)),
  modern: Number(node.split('.')[0]) >= 22,
  progress: text => console.error(`Node ${node}: ${text} …`),
}

try {
  const rows = []
  for (const measure of [jobs, coldStarts, largeSheets, growth]) rows.push(...(await measure(settings)))
  console.log(JSON.stringify(rows.map(row => ({ ...row, node }))))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
