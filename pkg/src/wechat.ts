/**
 * WeChat Pay API v3 for merchant transfers: options in, typed results out.
 *
 * @see spec: request signing (page 4012365336), verification (4013053249), sensitive fields (4013053257), certificates (4012551764)
 */
import { base64, text, unbase64, wellFormed } from './bytes.js'
import { CipherError, KeyError } from './errors.js'
import { open, type PlatformKey } from './keys.js'
import { object } from './options.js'
import type { AbortSignalLike, Incoming, Reply, SignedRequest, SignOptions, WechatPayOptions } from './types.js'
import { TransferBatches } from './wechat/batches.js'
import { Channel } from './wechat/channel.js'
import { providerError } from './wechat/refusal.js'
import type { Notification, NotificationResource, PlatformCertificate } from './wechat/types.js'

/**
 * A merchant at WeChat Pay.
 *
 * @example
 * const wechat = new WechatPay({ mchid, serialNo, privateKey, apiV3Key, platformKeys: [{ id, publicKey }] })
 * const sealed = await wechat.transferBatches.prepare(batch)
 * const outcome = await wechat.transferBatches.create(sealed)
 */
export class WechatPay {
  readonly transferBatches: TransferBatches
  readonly #channel: Channel

  /** @throws {KeyError} whatever is wrong in the configuration, at once */
  constructor(options: WechatPayOptions) {
    this.#channel = new Channel(options)
    this.transferBatches = new TransferBatches(this.#channel)
  }

  /**
   * Signs one request. The result can be handed to `fetch(url, signed)` as it is; its body is the bytes that were signed.
   *
   * @throws {PayoutError} ERR_METHOD, ERR_PATH, ERR_NONCE, ERR_BODY_NOT_ALLOWED, ERR_TIMESTAMP_FORMAT
   */
  sign(options: SignOptions): Promise<SignedRequest> {
    return this.#channel.sign(options)
  }

  /**
   * Sends a signed request once: no retry, no redirect. Resolves to a verified 2xx reply only.
   *
   * @throws {ProviderError} any other status · {SignatureError} · {TransportError}
   */
  async send<Data = unknown>(signed: SignedRequest, options: { signal?: AbortSignalLike } = {}): Promise<Reply<Data>> {
    object(options, 'options')
    return this.#channel.send<Data>(signed, options.signal)
  }

  /**
   * Seals one sensitive field. Send `serial` as Wechatpay-Serial in the same request.
   *
   * @param plaintext 1 to 214 bytes of UTF-8 with a 2048-bit key
   * @throws {CipherError} ERR_PLAINTEXT_EMPTY, ERR_PLAINTEXT_TOO_LONG · {BatchError} ERR_BODY_FORMAT for half a character
   * @throws {KeyError} ERR_PLATFORM_KEY_MISSING
   */
  async encrypt(plaintext: string): Promise<{ ciphertext: string; serial: string }> {
    const key = this.#channel.requireSealingKey()
    if (typeof plaintext !== 'string') throw new KeyError('ERR_OPTIONS', 'the text to be sealed must be a string')
    const bytes = wellFormed(plaintext)
    const sealed = await key.encrypt(bytes, Uint32Array.of(bytes.length))
    bytes.fill(0)
    return { ciphertext: base64(sealed), serial: key.id }
  }

  /**
   * Opens one sealed field of a reply.
   *
   * @param ciphertext base64
   * @throws {CipherError} ERR_CIPHERTEXT_BASE64, ERR_DECRYPT · {KeyError} ERR_KEY_USAGE when the key can only sign
   */
  async decrypt(ciphertext: string): Promise<string> {
    const bytes = typeof ciphertext === 'string' ? unbase64(ciphertext) : undefined
    if (!bytes) throw new CipherError('ERR_CIPHERTEXT_BASE64', 'the sealed field is not base64')
    const opened = await open(this.#channel.privateKey, bytes)
    try {
      return text(opened)
    } catch {
      throw new CipherError('ERR_DECRYPT', 'the sealed value does not open with this key')
    }
  }

  /**
   * Verifies a reply or notification that the caller received. Resolves to nothing, or throws.
   *
   * @throws {SignatureError} ERR_SIGNATURE_INVALID and others; ERR_BODY_PARSED when the body is not raw
   */
  async verify(incoming: Incoming): Promise<void> {
    await this.#channel.incoming(incoming)
  }

  /**
   * Verifies, opens and parses a notification. Answer 4xx or 5xx when it throws, 200 or 204 within five seconds when it does not.
   *
   * @throws {SignatureError} as `verify` · {CipherError} ERR_DECRYPT, ERR_AEAD_NONCE, ERR_AEAD_ALGORITHM, ERR_NOTIFICATION_FORMAT
   */
  async notification<Resource = NotificationResource>(incoming: Incoming): Promise<Notification<Resource>> {
    const bytes = await this.#channel.incoming(incoming)
    const opened = JSON.parse(this.#channel.merchant.openNotification(bytes))
    const {
      id,
      event_type: eventType,
      create_time: createTime,
      resource_type: resourceType,
      summary,
      resource,
    } = opened
    return { id, eventType, createTime, resourceType, summary, resource }
  }

  /**
   * Fetches the platform certificates, opens them with the APIv3 key, verifies the reply with them and keeps them.
   * Merchants that have only the public key get an empty list.
   *
   * @throws {CipherError} ERR_DECRYPT and others · {SignatureError} · {ProviderError} · {TransportError}
   */
  async certificates(): Promise<PlatformCertificate[]> {
    const channel = this.#channel
    const raw = await channel.exchange(await channel.sign({ method: 'GET', path: '/v3/certificates' }))
    if (raw.status >= 300) {
      const error = providerError(raw, channel.now())
      if (error.status === 404 && error.providerCode === 'RESOURCE_NOT_EXISTS') return []
      throw error
    }
    // The first download cannot be verified with a certificate that is not there yet: the GCM tag vouches for the content,
    // then the certificate inside vouches for the reply.
    const opened = channel.merchant.openCertificates(raw.body)
    const fresh = new Map<string, PlatformKey>()
    for (const { pem } of opened) {
      const key = channel.platformCertificate(pem)
      fresh.set(key.id, key)
    }
    await channel.verify(raw.headers, raw.body, fresh)
    for (const key of fresh.values()) channel.addPlatformKey(key)
    return opened.map(({ pem, ...rest }) => ({ ...rest, certificate: pem }))
  }

  /**
   * Ends the threads of `workers`. Nothing is lost: what they were sealing is sealed without them, and the client goes on working.
   */
  close(): Promise<void> {
    return this.#channel.close()
  }

  /** What may be shown: never a key. */
  toJSON(): { mchid: string; serialNo: string; baseUrl: string } {
    const { mchid, serialNo, baseUrl } = this.#channel
    return { mchid, serialNo, baseUrl }
  }
}
