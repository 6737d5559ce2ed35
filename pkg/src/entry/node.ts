/** Node, Deno and Bun: start the core from its file, use node:crypto. Synchronous, so that `require` works. */
import { initSync } from '../../wasm/core.js'
import { useHost } from '../engine.js'
import { files } from '../files.js'
import { nodeHost } from '../host-node.js'
import { useThreads } from '../pool.js'
import { privateModule } from '../private.js'
import { relaxed } from './relaxed.js'

// As `require` gives it: `import` reads every property of the module, and so loads Node's streams too.
const { readFileSync } = process.getBuiltinModule('node:fs')
const module = relaxed ? '../../wasm/core_relaxed_bg.wasm' : '../../wasm/core_bg.wasm'
initSync({ module: readFileSync(new URL(module, import.meta.url)) })
useHost(nodeHost)
useThreads(async () => (await import('./node-threads.js')).startThread)
privateModule.comesFrom(async () => {
  const glue = await import('../../wasm/private.js')
  glue.initSync({ module: readFileSync(new URL('../../wasm/private_bg.wasm', import.meta.url)) })
  return glue
})
files.comesFrom(async () => {
  const glue = await import('../../wasm/files.js')
  glue.initSync({ module: readFileSync(new URL('../../wasm/files_bg.wasm', import.meta.url)) })
  return glue
})

export * from '../index.js'
