/**
 * One merchant's way to WeChat Pay and back: checked configuration, keys, signing, sending and verifying.
 * The clients in `wechat.ts` and `batches.ts` are documentation and data around it.
 */
import { type CoreMerchant, core } from '../core.js'
import { nonce as freshNonce } from '../engine.js'
import { KeyError, SignatureError } from '../errors.js'
import { plainHeaders } from '../headers.js'
import { PlatformKey } from '../keys.js'
import { object, onlyKnown, optional, string, wholeSeconds } from '../options.js'
import { type SealingPool, sealingPool } from '../pool.js'
import type {
  AbortSignalLike,
  Bytes,
  Incoming,
  Reply,
  SignedRequest,
  SignOptions,
  WechatLimits,
  WechatPayOptions,
} from '../types.js'
import { accepted, nothing, rawBody, Wire } from '../wire.js'
import { providerError } from './refusal.js'

/** Internal to the package. */
export class Channel extends Wire {
  readonly mchid: string
  readonly serialNo: string
  readonly limits: WechatLimits | undefined
  readonly merchant: CoreMerchant
  readonly #toleranceSeconds: number
  readonly #pool: SealingPool | undefined
  readonly #platformKeys = new Map<string, PlatformKey>()

  /** @throws {KeyError} for anything wrong in the configuration, before the first request */
  constructor(options: WechatPayOptions) {
    object(options, 'options')
    const { mchid, serialNo, apiV3Key, limits, platformKeys = [], toleranceSeconds = 300, workers = 0 } = options
    super(options, 'https://api.mch.weixin.qq.com')
    this.merchant = new core.WechatMerchant(
      string(mchid, 'mchid'),
      string(serialNo, 'serialNo'),
      optional(apiV3Key, 'apiV3Key'),
    )
    this.mchid = mchid
    this.serialNo = serialNo
    this.limits = limits
    onlyKnown(limits, 'limits', limitNames)
    // The core knows what each may hold.
    core.wechatCheckLimits(limits)
    this.#toleranceSeconds = wholeSeconds(toleranceSeconds, 'toleranceSeconds', 3600)
    this.#pool = sealingPool(workers, this.engine)
    if (!Array.isArray(platformKeys)) throw new KeyError('ERR_OPTIONS', 'platformKeys must be an array')
    for (const input of platformKeys) this.addPlatformKey(new PlatformKey(input, this.engine, this.#pool))
  }

  /** The same name again replaces the key: a certificate fetched anew is the same certificate. */
  addPlatformKey(key: PlatformKey): void {
    if (key.id === this.serialNo) {
      throw new KeyError('ERR_PLATFORM_KEY_ID', "this is the merchant's own certificate, WeChat Pay's key is due")
    }
    this.#platformKeys.set(key.id, key)
  }

  /** A certificate that came over the wire. */
  platformCertificate(pem: string): PlatformKey {
    return new PlatformKey({ certificate: pem }, this.engine, this.#pool)
  }

  /** Whether names may be sealed elsewhere than in this thread. */
  get hasThreads(): boolean {
    return this.#pool?.isOpen ?? false
  }

  /** Ends the threads; everything else keeps working. */
  async close(): Promise<void> {
    await this.#pool?.close()
  }

  /**
   * The key to seal for: the public key where there is one, otherwise the certificate in force with the latest start.
   */
  sealingKey(): PlatformKey | undefined {
    const now = this.now() / 1000
    const inForce = (key: PlatformKey) =>
      (key.notBefore ?? 0) <= now && now <= (key.notAfter ?? Number.POSITIVE_INFINITY)
    const rank = (key: PlatformKey) => (key.notBefore ?? Number.MAX_SAFE_INTEGER) + (inForce(key) ? 2 ** 53 : 0)
    return [...this.#platformKeys.values()].sort((a, b) => rank(b) - rank(a))[0]
  }

  /** The key that names were sealed for elsewhere. @throws {KeyError} ERR_PLATFORM_KEY_MISSING */
  requirePlatformKey(id: string): PlatformKey {
    const key = this.#platformKeys.get(id)
    if (key) return key
    throw new KeyError('ERR_PLATFORM_KEY_MISSING', 'the names are sealed for a key that is not among platformKeys')
  }

  /** @throws {KeyError} ERR_PLATFORM_KEY_MISSING */
  requireSealingKey(): PlatformKey {
    const key = this.sealingKey()
    if (key) return key
    throw new KeyError(
      'ERR_PLATFORM_KEY_MISSING',
      'sealing needs a key of WeChat Pay: pass platformKeys, or call certificates()',
    )
  }

  async sign(options: SignOptions): Promise<SignedRequest> {
    const draft = this.draft(options)
    const { nonce = freshNonce() } = options
    const { method, target, timestamp, body } = draft
    const message = this.merchant.message(method, target, timestamp, string(nonce, 'nonce'), body ?? nothing)
    const signature = await this.privateKey.sign(message)
    const serial = optional(options.serial, 'serial') ?? this.sealingKey()?.id
    if (serial !== undefined && !/^[\x21-\x7e]+$/.test(serial))
      throw new KeyError('ERR_OPTIONS', 'serial must be the id of a platform key: letters, digits and underscores')
    return this.request(draft, {
      Authorization: this.merchant.authorization(timestamp, nonce, signature),
      ...(body && { 'Content-Type': 'application/json' }),
      ...(serial !== undefined && { 'Wechatpay-Serial': serial }),
    })
  }

  async send<Data>(request: SignedRequest, signal?: AbortSignalLike): Promise<Reply<Data>> {
    const raw = await this.exchange(request, signal)
    if (raw.status >= 300) throw providerError(raw, this.now())
    return accepted<Data>(raw, 'wechatpay-signature', ({ headers, body }) => this.verify(headers, body))
  }

  /** @throws {SignatureError} whenever the bytes are not proven to come from WeChat Pay, now */
  async verify(
    headers: Record<string, string>,
    body: Uint8Array,
    more?: ReadonlyMap<string, PlatformKey>,
  ): Promise<void> {
    const incoming = new core.WechatIncoming(headers, body, this.seconds(), this.#toleranceSeconds)
    try {
      const key = this.#platformKeys.get(incoming.serial) ?? more?.get(incoming.serial)
      if (!key) {
        throw new SignatureError(
          'ERR_SERIAL_UNKNOWN',
          'signed with a key that is not among platformKeys: add it, or fetch it with certificates() outside of this request',
        )
      }
      await key.demand(incoming)
    } finally {
      incoming.free()
    }
  }

  /** Verifies what the caller received. */
  async incoming(given: Incoming): Promise<Bytes> {
    const { headers, body } = given ?? {}
    const bytes = rawBody({ body })
    await this.verify(plainHeaders(headers), bytes)
    return bytes
  }
}

const limitNames: readonly string[] = [
  'maxDetails',
  'minAmount',
  'maxAmount',
  'nameForbiddenBelow',
  'nameRequiredFrom',
  'localNotifyUrl',
] satisfies (keyof WechatLimits)[]
