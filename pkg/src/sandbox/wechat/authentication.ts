import { verify } from 'node:crypto'
import { headerOf, type Incoming } from '../http.js'
import type { Merchant } from './merchant.js'
import { invalidRequest, type Refusal, signError } from './refusal.js'

const SCHEME = 'WECHATPAY2-SHA256-RSA2048'
const PAIRS = ['mchid', 'nonce_str', 'serial_no', 'signature', 'timestamp']
/** Either way, in seconds. */
const TOLERANCE = 300

const MALFORMED = 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》'
const NOT_VERIFIED = '签名信息错误，验签失败'

/**
 * Checks who sends a request, as spec 1.3 and 2 say, in the provider's order: headers, form, merchant, serial, time, signature.
 *
 * The signature is checked over the request target and the body exactly as they arrived.
 *
 * @throws {Refusal} saying what is wrong.
 */
export function authenticate(request: Incoming, merchant: Merchant): void {
  const accept = headerOf(request, 'accept') ?? ''
  if (!/(?:application\/json|application\/\*|\*\/\*)/.test(accept) || !headerOf(request, 'user-agent')?.trim()) {
    throw invalidRequest('Http头缺少Accept或User-Agent')
  }
  if (request.body.length > 0 && !/^application\/json\b/i.test(headerOf(request, 'content-type') ?? '')) {
    throw invalidRequest('Http头Content-Type须为application/json')
  }
  const { mchid, nonce, serial, signature, timestamp } = parseAuthorization(headerOf(request, 'authorization'))
  if (mchid !== merchant.mchid) throw signError('商户未申请过证书', header('mchid', 'unknown merchant'))
  // Documented in upper case; wechatpay-node-v3 reads its own from the certificate in lower case, and works.
  if (serial.toUpperCase() !== merchant.serialNo) {
    throw signError(
      '商户证书序列号有误。请使用签名私钥匹配的证书序列号',
      header('serial_no', 'not a certificate of the merchant'),
    )
  }
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE) {
    throw signError(
      'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟',
      header('timestamp', 'too far from now'),
    )
  }
  const head = `${request.method}\n${request.target}\n${timestamp}\n${nonce}\n`
  const message = Buffer.concat([Buffer.from(head), request.body, Buffer.from('\n')])
  if (!verify('sha256', message, merchant.keys.publicKey, Buffer.from(signature, 'base64'))) {
    throw mismatch(request, message)
  }
}

interface Authorization {
  readonly mchid: string
  readonly nonce: string
  readonly serial: string
  readonly signature: string
  readonly timestamp: string
}

/** Reads the header of spec 2.3: the scheme, one space, five different pairs with commas between and nothing else. */
function parseAuthorization(value: string | undefined): Authorization {
  if (!value) throw malformed('no Authorization header')
  const [scheme, ...rest] = value.split(' ')
  if (scheme !== SCHEME) throw signError('HTTP头Authorization认证类型不正确', header('scheme', `must be ${SCHEME}`))
  const pairs = new Map<string, string>()
  for (const part of rest.join(' ').split(',')) {
    const pair = /^([a-z_]+)="([\x20\x21\x23-\x7e]*)"$/.exec(part)
    if (!pair) throw malformed('a pair is not name="value"')
    const [, name = '', text = ''] = pair
    if (pairs.has(name)) throw malformed(`${name} stands twice`)
    pairs.set(name, text)
  }
  if ([...pairs.keys()].sort().join() !== PAIRS.join()) throw malformed(`the pairs must be ${PAIRS.join(', ')}`)
  const take = (name: string, shape: RegExp): string => {
    const text = pairs.get(name) ?? ''
    if (!shape.test(text)) throw malformed(`${name} has the wrong form`)
    return text
  }
  return {
    mchid: take('mchid', /^\d{1,32}$/),
    // Documented as 32 characters; shorter ones are common in clients that work (wechatpay-node-v3 sends about eleven).
    nonce: take('nonce_str', /^[0-9A-Za-z]{1,32}$/),
    serial: take('serial_no', /^[0-9A-Fa-f]{1,40}$/),
    signature: take('signature', /^[0-9A-Za-z+/]{342}==$/),
    timestamp: take('timestamp', /^[1-9]\d{0,10}$/),
  }
}

function malformed(issue: string): Refusal {
  return signError(MALFORMED, header('Authorization', issue))
}

function header(field: string, issue: string) {
  return { field, issue, location: 'authorization' } as const
}

/** The refusal that shows what the provider signed, so that a caller can see where its own message differs. */
function mismatch(request: Incoming, message: Buffer): Refusal {
  return signError(NOT_VERIFIED, {
    ...header('signature', 'sign not match'),
    sign_information: {
      method: request.method,
      url: request.target,
      truncated_sign_message: message.toString().slice(0, 256),
      sign_message_length: message.length,
    },
  })
}
