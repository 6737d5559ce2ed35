/** The WebAssembly module for private keys, fetched when the first one is used that no host takes. */
import type { PrivateOperations } from './engine.js'
import { type SideModule, sideModule } from './side-module.js'
import type { Bytes } from './types.js'

/** Everything the module exports that this package uses. */
interface Private {
  PrivateOperations: {
    /** From the PKCS#8 DER that the core gives, which is copied. @throws ERR_KEY_INCONSISTENT */
    parse(pkcs8: Uint8Array): { sign(message: Uint8Array): Bytes; decrypt(ciphertext: Uint8Array): Bytes; free(): void }
  }
}

/** The module, as this host gets it. */
export const privateModule: SideModule<Private> = sideModule(
  'private keys',
  "this host has no crypto for private keys, and no module for them either: import 'payseal' as a package, not a file of it",
)

/** What takes a private key in place of a host. */
export async function wasmHost(): Promise<{ importPrivate(pkcs8: Bytes): Promise<PrivateOperations> }> {
  const module = await privateModule.get()
  return {
    async importPrivate(pkcs8) {
      const key = module.PrivateOperations.parse(pkcs8)
      return { sign: async message => key.sign(message), decrypt: async ciphertext => key.decrypt(ciphertext) }
    },
  }
}
