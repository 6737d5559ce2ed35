/** A thread of `pool.ts` on Node, Deno and Bun. */
import './node.js'
import { parentPort } from 'node:worker_threads'
import { sealer } from '../worker.js'

const seal = sealer((answer, moved) => parentPort?.postMessage(answer, moved))
parentPort?.on('message', seal)
parentPort?.postMessage({ id: 0 })
