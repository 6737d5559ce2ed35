/** Lets the host do something else: a batch of a thousand rows keeps a thread busy for some twenty milliseconds. */

const host = globalThis as {
  setImmediate?: (step: () => void) => unknown
  scheduler?: { yield?: () => Promise<void> }
  setTimeout?: (step: () => void, milliseconds: number) => unknown
}

/** Resolves after events that were waiting have had their turn. */
export function pause(): Promise<void> {
  const { setImmediate, scheduler, setTimeout } = host
  if (setImmediate) return new Promise(resolve => setImmediate(resolve))
  if (scheduler?.yield) return scheduler.yield()
  if (setTimeout) return new Promise(resolve => setTimeout(resolve, 0))
  return Promise.resolve()
}
