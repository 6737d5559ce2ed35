/** Browsers: fetch the core from beside the glue. Pages without TLS have no crypto.subtle: there the core does it all. */
import init from '../../wasm/core.js'
import { useHost } from '../engine.js'
import { files } from '../files.js'
import { webHost } from '../host-web.js'
import { useThreads } from '../pool.js'
import { privateModule } from '../private.js'
import { module } from './web-module.js'

await init({ module_or_path: module })
useHost(globalThis.crypto?.subtle ? webHost : undefined)
useThreads(async () => (await import('./web-threads.js')).startThread)
privateModule.comesFrom(async () => {
  const glue = await import('../../wasm/private.js')
  await glue.default({ module_or_path: new URL('../../wasm/private_bg.wasm', import.meta.url) })
  return glue
})
files.comesFrom(async () => {
  const glue = await import('../../wasm/files.js')
  await glue.default({ module_or_path: new URL('../../wasm/files_bg.wasm', import.meta.url) })
  return glue
})

export * from '../index.js'
