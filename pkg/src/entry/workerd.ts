/** workerd: the module comes compiled, code from bytes is not allowed there. It has had relaxed SIMD since 2023. */

import { initSync } from '../../wasm/core.js'
import module from '../../wasm/core_relaxed_bg.wasm'
import { useHost } from '../engine.js'
import { webHost } from '../host-web.js'
import { privateModule } from '../private.js'

initSync({ module })
useHost(webHost)
privateModule.comesFrom(async () => {
  const [glue, { default: module }] = await Promise.all([
    import('../../wasm/private.js'),
    import('../../wasm/private_bg.wasm'),
  ])
  glue.initSync({ module })
  return glue
})

export * from '../index.js'
