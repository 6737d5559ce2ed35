/** Browsers: fetch the core from beside the glue. Pages without TLS have no crypto.subtle: there the core does it all. */
import init from '../../wasm/core.js'
import { useHost } from '../engine.js'
import { webHost } from '../host-web.js'

await init()
useHost(globalThis.crypto?.subtle ? webHost : undefined)

export * from '../index.js'
