import { sign, verify } from 'node:crypto'
import type { Tampering } from '../faults.js'
import { headerOf, type Incoming } from '../http.js'
import type { App } from './app.js'
import { unauthorized } from './refusal.js'

/** The provider does not say how old a signature may be; this is the usual measure, in seconds. */
const TOLERANCE = 300

/**
 * Checks the API key (spec 1: Basic with an empty password, or Bearer) and, if there is one, the signature (spec 2).
 *
 * @returns whether the request was signed; some calls may go without.
 * @throws {Refusal} 401 if the key is not the app's, or the signature does not belong to these bytes.
 */
export function authenticate(request: Incoming, app: App): boolean {
  const authorization = headerOf(request, 'authorization')
  const basic = `Basic ${Buffer.from(`${app.apiKey}:`).toString('base64')}`
  if (authorization !== basic && authorization !== `Bearer ${app.apiKey}`) {
    throw unauthorized('API key 不正确', 'no valid API key')
  }
  const signature = headerOf(request, 'pingplusplus-signature')
  if (signature === undefined) return false
  const timestamp = headerOf(request, 'pingplusplus-request-timestamp') ?? ''
  if (!/^[1-9]\d{0,10}$/.test(timestamp)) {
    throw unauthorized('缺少 Pingplusplus-Request-Timestamp', 'Pingplusplus-Request-Timestamp must be Unix seconds')
  }
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE) {
    throw unauthorized('请求时间已过期', 'Pingplusplus-Request-Timestamp is too far from now')
  }
  const message = Buffer.concat([request.body, Buffer.from(request.target + timestamp)])
  const wellFormed = /^[0-9A-Za-z+/]{342}==$/.test(signature)
  if (!wellFormed || !verify('sha256', message, app.keys.publicKey, Buffer.from(signature, 'base64'))) {
    throw unauthorized('签名验证失败', 'the signature does not belong to body, request target and timestamp')
  }
  return true
}

/** The refusal of an unsigned request where the signature is mandatory (spec 2.5). */
export function demandSignature(signed: boolean): void {
  if (!signed) throw unauthorized('缺少 Pingplusplus-Signature', 'this call must be signed')
}

/** The header that signs what Ping++ sends: the raw body alone (spec 3.1), spoiled as asked. */
export function signatureHeaders(body: Buffer, app: App, tampering?: Tampering): Record<string, string> {
  if (tampering === 'no-headers') return {}
  const message = tampering === 'bad-signature' ? Buffer.concat([body, Buffer.from(' ')]) : body
  return { 'X-Pingplusplus-Signature': sign('sha256', message, app.platformKeys.privateKey).toString('base64') }
}
