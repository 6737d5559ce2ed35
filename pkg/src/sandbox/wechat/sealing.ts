import { constants, createCipheriv, type KeyObject, publicEncrypt, sign, webcrypto } from 'node:crypto'
import type { Tampering } from '../faults.js'
import { randomText } from '../keys.js'
import type { PlatformKey } from './merchant.js'

/** Something sealed under the APIv3 key, as it stands in certificates and notifications (spec 4.2 and 6.2). */
export interface SealedResource {
  readonly algorithm: 'AEAD_AES_256_GCM'
  readonly nonce: string
  readonly associated_data: string
  readonly ciphertext: string
}

/** Seals `plaintext` with AES-256-GCM under the 32 characters of the APIv3 key. */
export function sealResource(apiV3Key: string, plaintext: string, associatedData: string): SealedResource {
  const nonce = randomText(12)
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce).setAAD(Buffer.from(associatedData))
  const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return {
    algorithm: 'AEAD_AES_256_GCM',
    nonce,
    associated_data: associatedData,
    ciphertext: sealed.toString('base64'),
  }
}

/** Seals a name for the merchant: RSA-OAEP with SHA-1 and the key of the merchant certificate (spec 5). */
export function sealName(name: string, key: KeyObject): string {
  const padding = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  return publicEncrypt(padding, Buffer.from(name)).toString('base64')
}

/** Opens a name that the merchant sealed; undefined if it was not sealed with this key, this padding and SHA-1. */
export async function openName(ciphertext: string, key: PlatformKey): Promise<string | undefined> {
  if (!/^[0-9A-Za-z+/]{342}==$/.test(ciphertext)) return undefined
  try {
    const opened = await webcrypto.subtle.decrypt('RSA-OAEP', key.openingKey, Buffer.from(ciphertext, 'base64'))
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(opened)
  } catch {
    return undefined
  }
}

/** The headers that sign `body` with a platform key, by the real clock (spec 3.1), spoiled as asked. */
export function signatureHeaders(body: Buffer, key: PlatformKey, tampering?: Tampering): Record<string, string> {
  if (tampering === 'no-headers') return {}
  const timestamp = Math.floor(Date.now() / 1000) - (tampering === 'stale' ? 600 : 0)
  const nonce = randomText(32)
  const signed = tampering === 'bad-signature' ? Buffer.concat([body, Buffer.from(' ')]) : body
  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), signed, Buffer.from('\n')])
  const signature = sign('sha256', message, key.signingKey).toString('base64')
  return {
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Serial': key.serial,
    'Wechatpay-Signature': tampering === 'probe' ? `WECHATPAY/SIGNTEST/${signature.slice(20)}` : signature,
    'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
    'Wechatpay-Timestamp': String(timestamp),
  }
}
