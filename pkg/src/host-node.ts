/** Host keys on node:crypto, parsed once. Its RSA is synchronous and faster than its WebCrypto. */
import type { KeyObject } from 'node:crypto'
import type { Host, PrivateOperations } from './engine.js'
import { KeyError } from './errors.js'
import { webHost } from './host-web.js'

// As `require` gives it: `import` reads every property of the module, and so loads Node's WebCrypto too.
const crypto = process.getBuiltinModule('node:crypto')
const {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} = crypto

const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }

/** Keys that node:crypto holds. */
export const nodeHost: Host = {
  async importPrivate(pkcs8) {
    return operations(createPrivateKey({ key: view(pkcs8), format: 'der', type: 'pkcs8' }))
  },

  async importPublic(spki) {
    const key = createPublicKey({ key: view(spki), format: 'der', type: 'spki' })
    const size = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
    return {
      verify: async (message, signature) => verify('sha256', message, key, signature),
      async encrypt(plaintexts, lengths) {
        const all = new Uint8Array(size * lengths.length)
        let at = 0
        lengths.forEach((length, index) => {
          all.set(publicEncrypt({ key, ...oaep }, plaintexts.subarray(at, at + length)), index * size)
          at += length
        })
        return all
      },
    }
  },

  adopt(key) {
    return key instanceof crypto.KeyObject ? adoptKeyObject(key) : webHost.adopt(key)
  },

  random: randomBytes,

  sha256(bytes) {
    return createHash('sha256').update(bytes).digest('hex')
  },
}

/** The same memory, so that zeroing the bytes leaves no copy behind. */
function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function operations(key: KeyObject): PrivateOperations {
  return {
    sign: async message => sign('sha256', message, key),
    decrypt: async ciphertext => privateDecrypt({ key, ...oaep }, ciphertext),
  }
}

/** @throws {KeyError} ERR_KEY_IS_PUBLIC, ERR_KEY_ALGORITHM, ERR_KEY_SIZE */
function adoptKeyObject(key: KeyObject): PrivateOperations {
  if (key.type === 'public') throw new KeyError('ERR_KEY_IS_PUBLIC', 'this is a public KeyObject, a private key is due')
  if (key.type !== 'private' || key.asymmetricKeyType !== 'rsa') {
    throw new KeyError('ERR_KEY_ALGORITHM', 'the KeyObject is not an RSA private key')
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < 2048 || bits > 4096) throw new KeyError('ERR_KEY_SIZE', 'the RSA key must have 2048 to 4096 bits')
  return operations(key)
}
