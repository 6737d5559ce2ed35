/** The page's end of the worker. */
import { proxy, type Remote, wrap } from 'comlink'
import { READY, type SheetWorker } from './protocol'

export type SheetClient = Remote<SheetWorker>

/** Callbacks have to be wrapped to be called from the worker. */
export const callback = proxy

/** Resolves once the core has started. */
export function startWorker(): Promise<SheetClient> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'payseal' })
  return new Promise((resolve, reject) => {
    worker.addEventListener('error', () => reject(new Error('the worker did not start')), { once: true })
    worker.addEventListener(
      'message',
      ({ data }) => (data === READY ? resolve(wrap<SheetWorker>(worker)) : reject(new Error('unexpected message'))),
      { once: true },
    )
  })
}
