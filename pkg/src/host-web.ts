/** Host keys on WebCrypto: workerd, browsers, and CryptoKeys handed in on Node. */
import type { Host, PrivateOperations, PublicOperations } from './engine.js'
import { KeyError } from './errors.js'
import type { Bytes, CryptoKeyLike } from './types.js'

const signing = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const sealing = { name: 'RSA-OAEP', hash: 'SHA-1' }

/** Keys that WebCrypto holds; a key there serves one purpose, so the same bytes are imported once for each. */
export const webHost: Host = {
  async importPrivate(pkcs8) {
    const { subtle } = crypto
    // Both imports copy the bytes before they return a promise, so the caller may zero them at once.
    const [signer, opener] = await Promise.all([
      subtle.importKey('pkcs8', pkcs8, signing, false, ['sign']),
      subtle.importKey('pkcs8', pkcs8, sealing, false, ['decrypt']),
    ])
    return {
      sign: async message => new Uint8Array(await subtle.sign(signing.name, signer, message as Bytes)),
      decrypt: async ciphertext => new Uint8Array(await subtle.decrypt(sealing.name, opener, ciphertext as Bytes)),
    }
  },

  async importPublic(spki): Promise<PublicOperations> {
    const { subtle } = crypto
    const [verifier, sealer] = await Promise.all([
      subtle.importKey('spki', spki, signing, false, ['verify']),
      subtle.importKey('spki', spki, sealing, false, ['encrypt']),
    ])
    return {
      verify: (message, signature) => subtle.verify(signing.name, verifier, signature as Bytes, message as Bytes),
      async encrypt(plaintexts, lengths) {
        let end = 0
        const pieces = Array.from(lengths, length => {
          end += length
          return plaintexts.subarray(end - length, end)
        })
        const sealed = await Promise.all(pieces.map(piece => subtle.encrypt(sealing.name, sealer, piece as Bytes)))
        const size = sealed[0]?.byteLength ?? 0
        const all = new Uint8Array(size * sealed.length)
        sealed.forEach((ciphertext, index) => {
          all.set(new Uint8Array(ciphertext), index * size)
        })
        return all
      },
    }
  },

  adopt(key) {
    return looksLikeCryptoKey(key) ? adoptCryptoKey(key) : undefined
  },
}

function looksLikeCryptoKey(key: object): key is CryptoKeyLike {
  return 'algorithm' in key && 'usages' in key && 'extractable' in key
}

/** @throws {KeyError} ERR_KEY_IS_PUBLIC, ERR_KEY_USAGE, ERR_KEY_SIZE */
function adoptCryptoKey(key: CryptoKeyLike): PrivateOperations {
  const { name, hash, modulusLength } = key.algorithm as {
    name: string
    hash?: { name: string }
    modulusLength?: number
  }
  if (key.type === 'public') throw new KeyError('ERR_KEY_IS_PUBLIC', 'this is a public CryptoKey, a private key is due')
  if (key.type !== 'private' || name !== signing.name || hash?.name !== signing.hash || !key.usages.includes('sign')) {
    throw new KeyError(
      'ERR_KEY_USAGE',
      "the CryptoKey must be private, RSASSA-PKCS1-v1_5 with SHA-256, with usage 'sign'",
    )
  }
  if (!modulusLength || modulusLength < 2048 || modulusLength > 4096) {
    throw new KeyError('ERR_KEY_SIZE', 'the RSA key must have 2048 to 4096 bits')
  }
  return {
    sign: async message =>
      new Uint8Array(await crypto.subtle.sign(signing.name, key as unknown as CryptoKey, message as Bytes)),
    decrypt: async () => {
      throw new KeyError(
        'ERR_KEY_USAGE',
        'this CryptoKey can only sign, WebCrypto allows a key one purpose: pass the PEM, or a signer with decrypt',
      )
    },
  }
}
