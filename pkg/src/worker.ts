/** The other side of `pool.ts`: what a thread does, on whatever host. */
import { base64 } from './bytes.js'
import { core } from './core.js'
import type { PublicOperations } from './engine.js'
import { publicOperations } from './keys.js'
import type { SealAnswer, SealOrder } from './pool.js'

/** Answers orders. The thread's entry has started the core as the host's entry starts it. */
export function sealer(
  answer: (answer: SealAnswer, moved: ArrayBuffer[]) => void,
): (order: SealOrder) => Promise<void> {
  const keys = new Map<string, Promise<PublicOperations>>()
  return async ({ id, engine, spki, plaintexts, lengths }) => {
    const name = engine + base64(spki)
    try {
      const key = keys.get(name) ?? publicOperations(core.PublicKey.parse(spki), engine)
      keys.set(name, key)
      const ciphertexts = await (await key).encrypt(plaintexts, lengths)
      answer({ id, ciphertexts }, [ciphertexts.buffer])
    } catch {
      // Why it failed is found out again where the call came from; it does not cross threads.
      answer({ id }, [])
    } finally {
      plaintexts.fill(0)
    }
  }
}
