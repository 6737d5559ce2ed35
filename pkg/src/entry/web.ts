/** Browsers: fetch the core from beside the glue. Pages without TLS have no crypto.subtle: there the core does it all. */
import init from '../../wasm/core.js'
import { useHost } from '../engine.js'
import { useFiles } from '../files.js'
import { webHost } from '../host-web.js'
import { useThreads } from '../pool.js'
import { module } from './web-module.js'

await init({ module_or_path: module })
useHost(globalThis.crypto?.subtle ? webHost : undefined)
useThreads(async () => (await import('./web-threads.js')).startThread)
useFiles(async () => {
  const glue = await import('../../wasm/files.js')
  await glue.default({ module_or_path: new URL('../../wasm/files_bg.wasm', import.meta.url) })
  return glue
})

export * from '../index.js'
