/** workerd: the module comes compiled, code from bytes is not allowed there. It has had relaxed SIMD since 2023. */

import { initSync } from '../../wasm/core.js'
import module from '../../wasm/core_relaxed_bg.wasm'
import { useHost } from '../engine.js'
import { webHost } from '../host-web.js'

initSync({ module })
useHost(webHost)

export * from '../index.js'
