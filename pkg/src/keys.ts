/** Key material in → something that signs, opens, verifies and seals. Material goes in once and is never read back. */
import { asBytes, utf8 } from './bytes.js'
import { type CoreBatch, type CorePrivateKey, type CorePublicKey, type CoreSigned, core } from './core.js'
import { chooseHost, choosePublicHost, type PrivateOperations, type PublicOperations, presentHost } from './engine.js'
import { CipherError, KeyError, PayoutError, SignatureError } from './errors.js'
import type { SealingPool } from './pool.js'
import { wasmHost } from './private.js'
import type { Bytes, Engine, PlatformKeyInput, PrivateKeyInput, Signer } from './types.js'

/**
 * Checks the key at once; gives it to the host when it is first used, because some hosts allow no crypto at start-up.
 *
 * @throws {KeyError} ERR_KEY_… naming the damage, ERR_ENGINE_UNAVAILABLE
 */
export function privateKey(input: PrivateKeyInput, engine: Engine): PrivateOperations {
  const host = chooseHost(engine)
  if (input === undefined || input === null || input === '')
    throw new KeyError('ERR_KEY_MISSING', 'no private key was given')
  const material = typeof input === 'string' ? utf8(input) : asBytes(input)
  if (material === undefined) return foreignKey(input as object)
  const key = core.PrivateKey.parse(material)
  if (typeof input === 'string') material.fill(0)
  let imported: Promise<PrivateOperations> | undefined
  const ready = async () => {
    if (imported) return imported
    const taker = host ?? (await wasmHost())
    imported ??= importPrivate(key, pkcs8 => taker.importPrivate(pkcs8))
    return imported
  }
  return {
    sign: async message => (await ready()).sign(message),
    decrypt: async ciphertext => (await ready()).decrypt(ciphertext),
  }
}

async function importPrivate(key: CorePrivateKey, give: (pkcs8: Bytes) => Promise<PrivateOperations>) {
  const pkcs8 = key.pkcs8()
  try {
    // The host copies before it returns, so our copy is gone before anything is awaited.
    const operations = give(pkcs8)
    pkcs8.fill(0)
    return await operations.catch(refused)
  } finally {
    key.free()
  }
}

function refused(error: unknown): never {
  if (error instanceof PayoutError) throw error
  throw new KeyError('ERR_ENGINE_UNAVAILABLE', "this host's crypto does not take this key: use engine 'wasm'")
}

/** A key of the host, or a signer. */
function foreignKey(input: object): PrivateOperations {
  if (typeof input !== 'object')
    throw new KeyError('ERR_KEY_TYPE', 'privateKey must be PEM, DER bytes, a host key or a signer')
  const adopted = presentHost()?.adopt(input)
  if (adopted) return adopted
  if ('sign' in input && typeof input.sign === 'function') return remoteKey(input as Signer)
  throw new KeyError('ERR_KEY_TYPE', 'privateKey must be PEM, DER bytes, a host key or a signer')
}

function remoteKey(signer: Signer): PrivateOperations {
  return {
    sign: message => remote(() => signer.sign(message)),
    async decrypt(ciphertext) {
      if (typeof signer.decrypt !== 'function') {
        throw new KeyError('ERR_KEY_USAGE', 'the signer has no decrypt, which sealed fields of replies need')
      }
      return remote(() => signer.decrypt?.(ciphertext))
    },
  }
}

async function remote(step: () => Promise<Uint8Array> | undefined): Promise<Uint8Array> {
  let result: unknown
  try {
    result = await step()
  } catch (cause) {
    throw Object.assign(new KeyError('ERR_SIGNER', 'the signer failed, nothing was sent'), { cause })
  }
  const bytes = asBytes(result)
  if (!bytes?.length) throw new KeyError('ERR_SIGNER', 'the signer must resolve to the raw bytes, not to text')
  return bytes
}

/** Opens one sealed field. @throws {CipherError} ERR_DECRYPT, with no reason on purpose; KeyError from a signer */
export async function open(key: PrivateOperations, ciphertext: Uint8Array): Promise<Uint8Array> {
  try {
    return await key.decrypt(ciphertext)
  } catch (error) {
    if (error instanceof PayoutError) throw error
    throw new CipherError('ERR_DECRYPT', 'the sealed value does not open with this key')
  }
}

/** A provider's public key. */
export class ProviderKey implements PublicOperations {
  /** Certificates only. */
  readonly serial: string | undefined
  /** Unix seconds; undefined for public keys, which do not expire. */
  readonly notBefore: number | undefined
  readonly notAfter: number | undefined
  readonly #key: CorePublicKey
  readonly #engine: Engine
  readonly #pool: SealingPool | undefined
  #imported: Promise<PublicOperations> | undefined

  /** @throws {KeyError} ERR_KEY_… */
  constructor(material: Bytes, engine: Engine, pool?: SealingPool) {
    const key = core.PublicKey.parse(material)
    this.serial = key.serial
    this.notBefore = key.notBefore
    this.notAfter = key.notAfter
    this.#key = key
    this.#engine = engine
    this.#pool = pool
  }

  /** @throws {SignatureError} ERR_SIGNATURE_LENGTH, ERR_SIGNATURE_INVALID */
  async demand(signed: CoreSigned): Promise<void> {
    if (await this.verify(signed.message(), signed.signature())) return
    throw new SignatureError('ERR_SIGNATURE_INVALID', 'the signature does not match: do not trust this message')
  }

  /** @throws {SignatureError} ERR_SIGNATURE_LENGTH */
  async verify(message: Uint8Array, signature: Uint8Array): Promise<boolean> {
    this.#key.checkSignatureLength(signature)
    return (await this.#operations()).verify(message, signature)
  }

  /** @throws {CipherError} ERR_PLAINTEXT_EMPTY, ERR_PLAINTEXT_TOO_LONG */
  async encrypt(plaintexts: Uint8Array, lengths: Uint32Array): Promise<Bytes> {
    this.#key.checkPlaintexts(lengths)
    return (await this.#operations()).encrypt(plaintexts, lengths)
  }

  /** The body of a batch with its names sealed. @throws {CipherError} ERR_PLAINTEXT_TOO_LONG */
  async sealBody(batch: CoreBatch): Promise<Bytes> {
    const operations = await this.#operations()
    if (operations.seal) return operations.seal(batch)
    const names = batch.names()
    try {
      return batch.body(await this.encrypt(names, batch.nameLengths()))
    } finally {
      names.fill(0)
    }
  }

  #operations(): Promise<PublicOperations> {
    this.#imported ??= publicOperations(this.#key, this.#engine).then(
      own => this.#pool?.around(own, this.#key.spki()) ?? own,
    )
    return this.#imported
  }
}

/** WeChat Pay's key, under the name that Wechatpay-Serial gives it. */
export class PlatformKey extends ProviderKey {
  readonly id: string

  /** @throws {KeyError} ERR_KEY_…, ERR_PLATFORM_KEY_ID, ERR_SERIAL_MISMATCH */
  constructor(input: PlatformKeyInput, engine: Engine, pool?: SealingPool) {
    const { id, serial, publicKey, certificate } = (input ?? {}) as Record<string, unknown>
    const material = publicMaterial(certificate ?? publicKey)
    if (!material)
      throw new KeyError('ERR_KEY_MISSING', 'each of platformKeys needs a publicKey with its id, or a certificate')
    super(material, engine, pool)
    this.id = this.serial === undefined ? publicKeyId(id) : certificateSerial(this.serial, serial ?? id)
  }
}

/**
 * With the host, or with the core, whichever the engine says. The key stays the caller's.
 *
 * @throws {KeyError} ERR_ENGINE_UNAVAILABLE
 */
export function publicOperations(key: CorePublicKey, engine: Engine): Promise<PublicOperations> {
  return choosePublicHost(engine)?.importPublic(key.spki()).catch(refused) ?? Promise.resolve(coreOperations(key))
}

function coreOperations(key: CorePublicKey): PublicOperations {
  return {
    verify: async (message, signature) => key.verify(message, signature),
    encrypt: async (plaintexts, lengths) => key.encrypt(plaintexts, lengths),
    seal: batch => batch.seal(key),
  }
}

/** A public key as bytes, whatever it is written in; undefined when it is neither text nor bytes. */
export function publicMaterial(input: unknown): Bytes | undefined {
  return typeof input === 'string' ? utf8(input) : asBytes(input)
}

function publicKeyId(id: unknown): string {
  // Quoted nowhere, but a header value all the same.
  if (typeof id === 'string' && /^[0-9A-Za-z_-]{1,64}$/.test(id)) return id
  throw new KeyError('ERR_PLATFORM_KEY_ID', 'a public key needs the id it was issued with, such as PUB_KEY_ID_0114…')
}

function certificateSerial(own: string, given: unknown): string {
  if (given === undefined || (typeof given === 'string' && given.toUpperCase() === own)) return own
  throw new KeyError('ERR_SERIAL_MISMATCH', 'the serial given for a platform certificate is not the serial inside it')
}
