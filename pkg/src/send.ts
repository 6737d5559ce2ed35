/** The only call to `fetch`. Nothing is logged, nothing is retried, nothing is followed. */

import { TransportError } from './errors.js'
import { plainHeaders } from './headers.js'
import type { AbortSignalLike, Bytes, FetchInit, FetchLike, SignedRequest } from './types.js'

/** A reply as it arrived, not yet verified. */
export interface RawReply {
  status: number
  headers: Record<string, string>
  body: Bytes
}

/** How to send. */
export interface SendSettings {
  fetch?: FetchLike | undefined
  /** From sending to the last byte. */
  timeoutMs: number
  signal?: AbortSignalLike | undefined
}

/**
 * Sends the signed bytes once and reads the whole reply.
 *
 * @throws {TransportError} ERR_URL and ERR_ABORTED before the start are `not-sent`; everything later is `unknown`
 */
export async function exchange(request: SignedRequest, settings: SendSettings): Promise<RawReply> {
  const { signal, timeoutMs } = settings
  if (!URL.canParse(request.url))
    throw new TransportError('ERR_URL', 'the URL of the request cannot be parsed', 'not-sent')
  if (signal?.aborted) throw new TransportError('ERR_ABORTED', 'aborted before anything was sent', 'not-sent')
  const send = settings.fetch ?? (globalThis.fetch as FetchLike | undefined)
  if (typeof send !== 'function')
    throw new TransportError('ERR_CONNECTION', 'this host has no fetch: pass one', 'not-sent')

  const controller = new AbortController()
  let stop: (error: TransportError) => void = () => {}
  // A replaced fetch may ignore its signal, so the deadline does not depend on it.
  const stopped = new Promise<never>((_, reject) => {
    stop = error => {
      reject(error)
      controller.abort()
    }
  })
  const abort = () =>
    stop(new TransportError('ERR_ABORTED', 'aborted while the request was under way: query before anything else'))
  // Before the clock starts: what fails here must leave nothing behind that fails later.
  signal?.addEventListener('abort', abort)
  const timer = setTimeout(() => {
    stop(new TransportError('ERR_TIMEOUT', `no complete reply within ${timeoutMs} ms: query before anything else`))
  }, timeoutMs)
  try {
    return await Promise.race([attempt(send, request, controller.signal as FetchInit['signal']), stopped])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

async function attempt(send: FetchLike, request: SignedRequest, signal: FetchInit['signal']): Promise<RawReply> {
  const { method, url, headers, body } = request
  try {
    const response = await send(url, { method, headers, ...(body && { body }), redirect: 'manual', signal })
    const { status, type, redirected } = response
    if (redirected || type === 'opaqueredirect' || status < 200 || (status >= 300 && status < 400)) {
      throw new TransportError(
        'ERR_REDIRECT',
        'the reply is a redirect, which is never followed: check baseUrl and proxies',
      )
    }
    return { status, headers: plainHeaders(response.headers), body: new Uint8Array(await response.arrayBuffer()) }
  } catch (error) {
    if (error instanceof TransportError) throw error
    throw new TransportError(
      'ERR_CONNECTION',
      'the connection failed: query before anything else',
      'unknown',
      reason(error),
    )
  }
}

/** The host's short code only: its messages, and what a replaced fetch throws, may hold the request. */
function reason(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } }
  const found = [cause?.code, code].find(value => typeof value === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(value))
  return found as string | undefined
}
