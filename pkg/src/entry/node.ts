/** Node, Deno and Bun: start the core from its file, use node:crypto. Synchronous, so that `require` works. */
import { readFileSync } from 'node:fs'
import { initSync } from '../../wasm/core.js'
import { useHost } from '../engine.js'
import { useFiles } from '../files.js'
import { nodeHost } from '../host-node.js'
import { useThreads } from '../pool.js'
import { relaxed } from './relaxed.js'

const module = relaxed ? '../../wasm/core_relaxed_bg.wasm' : '../../wasm/core_bg.wasm'
initSync({ module: readFileSync(new URL(module, import.meta.url)) })
useHost(nodeHost)
useThreads(async () => (await import('./node-threads.js')).startThread)
useFiles(async () => {
  const [glue, { readFile }] = await Promise.all([import('../../wasm/files.js'), import('node:fs/promises')])
  glue.initSync({ module: await readFile(new URL('../../wasm/files_bg.wasm', import.meta.url)) })
  return glue
})

export * from '../index.js'
