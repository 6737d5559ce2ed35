/** Who does the RSA work. The entry of each host says which crypto the host has; nothing else knows. */
import { type CoreBatch, core } from './core.js'
import { KeyError } from './errors.js'
import type { Bytes, Engine } from './types.js'

/** A private key that can be used and not be read. */
export interface PrivateOperations {
  /** RSASSA-PKCS1-v1_5, SHA-256. */
  sign(message: Uint8Array): Promise<Uint8Array>
  /** RSAES-OAEP, SHA-1. */
  decrypt(ciphertext: Uint8Array): Promise<Uint8Array>
}

/** A public key. */
export interface PublicOperations {
  verify(message: Uint8Array, signature: Uint8Array): Promise<boolean>
  /** RSAES-OAEP with SHA-1: `lengths` cuts `plaintexts`; the ciphertexts follow each other in the same order. */
  encrypt(plaintexts: Uint8Array, lengths: Uint32Array): Promise<Bytes>
  /** The body of a batch with its names sealed, where that can be done in one step. */
  seal?(batch: CoreBatch): Bytes
}

/** The host's own crypto. */
export interface Host {
  /** Imports a copy as a non-extractable key; the caller zeroes `pkcs8` afterwards. */
  importPrivate(pkcs8: Bytes): Promise<PrivateOperations>
  importPublic(spki: Bytes): Promise<PublicOperations>
  /** Takes a key of the host's own kind; undefined when it is none. @throws {KeyError} ERR_KEY_USAGE and others */
  adopt(key: object): PrivateOperations | undefined
  /** So many random bytes, where the host has a generator besides WebCrypto, which Node loads only when it is asked for. */
  random?(length: number): Uint8Array
  /** SHA-256 as lower-case hex, where the host has it without a promise. */
  sha256?(bytes: Uint8Array): string
}

let host: Host | undefined

/** Called once, by the entry. */
export function useHost(found: Host | undefined): void {
  host = found
}

/** The host's crypto, whatever the engine: its own keys stay where they are. */
export function presentHost(): Host | undefined {
  return host
}

/** A fresh nonce: 32 letters and digits. @throws {PayoutError} ERR_RANDOM_UNAVAILABLE */
export function nonce(): string {
  return core.randomNonce(host?.random?.(32))
}

/** SHA-256 as lower-case hex: large bodies are hashed by the host where it can do so at once. */
export function sha256(bytes: Uint8Array): string {
  return host?.sha256?.(bytes) ?? core.sha256(bytes)
}

/**
 * The host for public keys, or undefined for the core: `auto` takes what is faster, and there is no secret in them.
 *
 * @throws {KeyError} ERR_ENGINE_UNAVAILABLE, ERR_OPTIONS
 */
export function choosePublicHost(engine: Engine): Host | undefined {
  return engine === 'auto' && core.sealsFast() ? undefined : chooseHost(engine)
}

/**
 * The host for private keys, or undefined for the core.
 *
 * @throws {KeyError} ERR_ENGINE_UNAVAILABLE, ERR_OPTIONS
 */
export function chooseHost(engine: Engine): Host | undefined {
  if (engine === 'wasm') return undefined
  if (engine === 'auto') return host
  if (engine !== 'host') throw new KeyError('ERR_OPTIONS', "engine must be 'auto', 'host' or 'wasm'")
  if (host) return host
  throw new KeyError(
    'ERR_ENGINE_UNAVAILABLE',
    "engine 'host' needs the host's own crypto, and there is none here (crypto.subtle exists on https pages only): use 'auto' or 'wasm'",
  )
}
