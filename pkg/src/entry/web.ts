/** Browsers: fetch the core from beside the glue. Pages without TLS have no crypto.subtle: there the core does it all. */
import init from '../../wasm/core.js'
import { useHost } from '../engine.js'
import { webHost } from '../host-web.js'
import { relaxed } from './relaxed.js'

// Written out twice, because bundlers look for exactly this.
const url = relaxed
  ? new URL('../../wasm/core_relaxed_bg.wasm', import.meta.url)
  : new URL('../../wasm/core_bg.wasm', import.meta.url)
await init({ module_or_path: url })
useHost(globalThis.crypto?.subtle ? webHost : undefined)

export * from '../index.js'
