/**
 * Ping++ (简米) for payouts over eight channels: options in, typed results out.
 *
 * @see spec: KB-SIGN (help centre article 212345), the API reference on batch transfers, transfers, events and errors
 */
import { object } from './options.js'
import { BatchTransfers } from './pingpp/batches.js'
import { AppChannel } from './pingpp/channel.js'
import { Transfers } from './pingpp/transfers.js'
import type { EventResource, PingppEvent, PingppOptions } from './pingpp/types.js'
import type { AbortSignalLike, Incoming, Reply, RequestOptions, SignedRequest } from './types.js'

/**
 * An application at Ping++.
 *
 * @example
 * const pingpp = new Pingpp({ app, apiKey, privateKey, platformPublicKey })
 * const sealed = await pingpp.batchTransfers.prepare(batch)
 * const outcome = await pingpp.batchTransfers.create(sealed)
 */
export class Pingpp {
  readonly batchTransfers: BatchTransfers
  readonly transfers: Transfers
  readonly #channel: AppChannel

  /** @throws {KeyError} whatever is wrong in the configuration, at once */
  constructor(options: PingppOptions) {
    this.#channel = new AppChannel(options)
    this.batchTransfers = new BatchTransfers(this.#channel)
    this.transfers = new Transfers(this.#channel)
  }

  /**
   * Signs one request, GET included. The result can be handed to `fetch(url, signed)` as it is. It holds the API key: do not log it.
   *
   * @throws {PayoutError} ERR_METHOD, ERR_PATH, ERR_BODY_NOT_ALLOWED, ERR_TIMESTAMP_FORMAT
   */
  sign(options: RequestOptions): Promise<SignedRequest> {
    return this.#channel.sign(options)
  }

  /**
   * Sends a signed request once: no retry, no redirect. Resolves to a 2xx reply only, verified where `platformPublicKey` was given.
   *
   * @throws {ProviderError} any other status · {SignatureError} · {TransportError}
   */
  async send<Data = unknown>(signed: SignedRequest, options: { signal?: AbortSignalLike } = {}): Promise<Reply<Data>> {
    object(options, 'options')
    return this.#channel.send<Data>(signed, options.signal)
  }

  /**
   * Verifies a reply or event that the caller received. Resolves to nothing, or throws.
   *
   * @throws {SignatureError} ERR_SIGNATURE_INVALID and others; ERR_BODY_PARSED when the body is not raw · {KeyError} ERR_PLATFORM_KEY_MISSING
   */
  async verify(incoming: Incoming): Promise<void> {
    await this.#channel.incoming(incoming)
  }

  /**
   * Verifies and parses an event. Answer 2xx when it does not throw, and also to ERR_EVENT_REPLAYED; otherwise 4xx or 5xx.
   *
   * @throws {SignatureError} as `verify`; ERR_REPLY_MISMATCH for test in place of live; ERR_TIMESTAMP_SKEW, ERR_EVENT_REPLAYED where asked for
   * @throws {CipherError} ERR_NOTIFICATION_FORMAT · {KeyError} ERR_PLATFORM_KEY_MISSING
   */
  event<Resource = EventResource>(incoming: Incoming): Promise<PingppEvent<Resource>> {
    return this.#channel.event<Resource>(incoming)
  }

  /** What may be shown: never a key. */
  toJSON(): { app: string; baseUrl: string; livemode: boolean } {
    const { app, baseUrl, livemode } = this.#channel
    return { app, baseUrl, livemode }
  }
}
