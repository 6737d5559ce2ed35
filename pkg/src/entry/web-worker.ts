/**
 * A thread of `pool.ts` in a browser. It starts the core by itself and without `await` at the top, which bundlers refuse in the kind of
 * script that they make of workers by default.
 */
import init from '../../wasm/core.js'
import { useHost } from '../engine.js'
import { webHost } from '../host-web.js'
import type { SealOrder } from '../pool.js'
import { sealer } from '../worker.js'
import { module } from './web-module.js'

const { self } = globalThis as unknown as { self: DedicatedWorkerGlobalScope }
const ready = init({ module_or_path: module })
useHost(globalThis.crypto?.subtle ? webHost : undefined)

const seal = sealer((answer, moved) => self.postMessage(answer, moved))
self.addEventListener('message', ({ data }: MessageEvent<SealOrder>) => void ready.then(() => seal(data)))
ready.then(
  () => self.postMessage({ id: 0 }),
  error => self.reportError(error),
)
