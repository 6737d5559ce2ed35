/** Starts threads on Node, Deno and Bun. Loaded when the first one is needed. */
import { Worker } from 'node:worker_threads'
import type { StartThread } from '../pool.js'

export const startThread: StartThread = ({ answer, gone }) => {
  // The flags of the process are its own affair: a loader or an inspector would start once more in every thread.
  const worker = new Worker(new URL('./node-worker.js', import.meta.url), { execArgv: [], name: 'payseal' })
  worker.on('message', answer)
  worker.on('error', gone)
  worker.on('exit', gone)
  return {
    post: (order, moved) => worker.postMessage(order, moved),
    hold: busy => (busy ? worker.ref() : worker.unref()),
    end: async () => void (await worker.terminate()),
  }
}
