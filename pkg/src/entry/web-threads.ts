/** Starts threads in a browser. */
import type { StartThread } from '../pool.js'

export const startThread: StartThread = ({ answer, gone }) => {
  const worker = new Worker(new URL('./web-worker.js', import.meta.url), { type: 'module', name: 'payseal' })
  const end = () => {
    worker.terminate()
    gone()
  }
  worker.addEventListener('message', ({ data }) => answer(data))
  // A script that does not load, a policy that forbids it, a fault: whatever it was, this thread is done.
  worker.addEventListener('error', event => {
    event.preventDefault()
    end()
  })
  worker.addEventListener('messageerror', end)
  return {
    post: (order, moved) => worker.postMessage(order, moved),
    // A page ends when it is closed.
    hold: () => {},
    end: async () => worker.terminate(),
  }
}
