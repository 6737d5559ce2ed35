/** What a request must look like before anything is done: spec 5, 10.1 and 12. */
import type { Incoming } from '../http.js'
import { isObject, JsonError, type JsonObject, readObject } from '../json.js'
import type { App } from './app.js'
import { bytes, CHANNELS, type Channel, type PayeeType, payeeFault } from './channels.js'
import { badParameter, badRequest, notFound, type Refusal } from './refusal.js'

/** One payment as it was asked for, in a batch or alone. */
export interface Order {
  readonly amount: number
  /** Absent where Ping++ is to make one. */
  readonly order_no: string | undefined
  readonly payee: string
  /** The member of the request that stands for this payment. */
  readonly sent: JsonObject
}

/** A batch as it was asked for. */
export interface BatchOrder {
  readonly batch_no: string
  readonly channel: string
  readonly type: PayeeType
  readonly amount: number
  readonly description: string
  readonly metadata: JsonObject
  readonly recipients: readonly Order[]
}

/** A payment made alone, as it was asked for. */
export interface TransferOrder extends Order {
  readonly channel: string
  readonly type: PayeeType
  readonly description: string
  readonly metadata: JsonObject
  readonly extra: JsonObject
}

/**
 * Reads the JSON object of a POST or PUT.
 *
 * @throws {Refusal} if there is none, or an integer is not written as one.
 */
export function readBody(request: Incoming): JsonObject {
  if (!/^application\/json\b/i.test(String(request.headers['content-type'] ?? ''))) {
    throw badRequest('Content-Type 须为 application/json', 'Content-Type must be application/json')
  }
  try {
    return readObject(request.body, ['amount', 'card_type'])
  } catch (error) {
    if (error instanceof JsonError) throw badRequest('请求体格式错误', error.message)
    throw error
  }
}

/**
 * Reads `POST /v1/batch_transfers`.
 *
 * @throws {Refusal} naming the first parameter that breaks a rule.
 */
export function readBatch(body: JsonObject, app: App): BatchOrder {
  if (typeof body.app !== 'string' || body.app === '') throw badParameter('app', 'must be the id of an app')
  if (body.app !== app.id) throw notFound('app', 'app')
  const { channel, name: channelName } = readChannel(body)
  const type = readType(body, channel)
  const batch_no = matching(body, 'batch_no', /^[A-Za-z0-9]{11,32}$/, 'must be 11 to 32 letters and digits')
  const description = readDescription(body, bytes(200))
  checkCurrency(body)
  const recipients = body.recipients
  if (!Array.isArray(recipients) || recipients.length === 0) throw badParameter('recipients', 'must be a filled array')
  const orders = recipients.map((sent: unknown, index) => {
    const path = (field: string) => `recipients[${index}][${field}]`
    if (!isObject(sent)) throw badParameter(`recipients[${index}]`, 'must be an object')
    const fault = payeeFault(sent, channel, type)
    if (fault) throw badParameter(path(fault[0]), fault[1])
    const order_no = sent.order_no === undefined ? undefined : readOrderNo(sent, channel, channelName, app, path)
    return { amount: readAmount(sent, path('amount')), order_no, payee: String(sent[channel.payee]), sent }
  })
  const amount = readAmount(body, 'amount')
  const sum = orders.reduce((total, order) => total + BigInt(order.amount), 0n)
  if (BigInt(amount) !== sum) throw badParameter('amount', 'must be the sum of the recipients')
  return { batch_no, channel: channelName, type, amount, description, metadata: readMetadata(body), recipients: orders }
}

/**
 * Reads `POST /v1/transfers`: the same channels, with the payee spread over `recipient` and `extra`.
 *
 * @throws {Refusal} naming the first parameter that breaks a rule.
 */
export function readTransfer(body: JsonObject, app: App): TransferOrder {
  if (!isObject(body.app) || typeof body.app.id !== 'string') throw badParameter('app[id]', 'must be the id of an app')
  if (body.app.id !== app.id) throw notFound('app', 'app[id]')
  const { channel, name: channelName } = readChannel(body)
  const type = readType(body, channel)
  const order_no = readOrderNo(body, channel, channelName, app, field => field)
  const extra = body.extra ?? {}
  if (!isObject(extra)) throw badParameter('extra', 'must be an object')
  if (channelName === 'unionpay' && body.recipient !== undefined) throw badParameter('recipient', 'must not be sent')
  checkCurrency(body)
  const description = readDescription(
    body,
    channel.aloneDescription ?? channel.fields.description?.rule ?? (() => undefined),
  )
  const payee = asRecipient(body, extra, channel)
  const fault = payeeFault(payee, channel, type)
  if (fault) throw badParameter(NAMES_ALONE[fault[0]]?.(channelName) ?? `extra[${fault[0]}]`, fault[1])
  return {
    channel: channelName,
    type,
    order_no,
    amount: readAmount(body, 'amount'),
    payee: String(payee[channel.payee]),
    sent: payee,
    description,
    metadata: readMetadata(body),
    extra,
  }
}

/** The recipient of a batch that would say the same (the mapping at the end of the table in spec 10.1). */
function asRecipient(body: JsonObject, extra: JsonObject, channel: Channel): JsonObject {
  const { card_number, user_name, recipient_name, recipient_account_type, ...rest } = extra
  const payee = {
    ...rest,
    [channel.payee]: card_number ?? body.recipient,
    name: user_name ?? recipient_name,
    account_type: recipient_account_type,
  }
  return Object.fromEntries(Object.entries(payee).filter(([, value]) => value !== undefined))
}

/** How a member of a batch's recipient is called in a payment made alone. */
const NAMES_ALONE: Readonly<Record<string, (channel: string) => string>> = {
  account: channel => (channel === 'alipay' ? 'recipient' : 'extra[card_number]'),
  open_id: () => 'recipient',
  user: () => 'recipient',
  name: channel => (channel === 'alipay' ? 'extra[recipient_name]' : 'extra[user_name]'),
  account_type: () => 'extra[recipient_account_type]',
}

function readChannel(body: JsonObject): { channel: Channel; name: string } {
  const name = body.channel
  const channel = typeof name === 'string' && Object.hasOwn(CHANNELS, name) ? CHANNELS[name] : undefined
  if (!channel) throw badParameter('channel', `must be one of ${Object.keys(CHANNELS).join(', ')}`)
  return { channel, name: String(name) }
}

function readType(body: JsonObject, channel: Channel): PayeeType {
  const type = channel.types.find(allowed => allowed === body.type)
  if (!type) throw badParameter('type', `must be ${channel.types.join(' or ')} in this channel`)
  return type
}

function readOrderNo(
  from: JsonObject,
  channel: Channel,
  name: string,
  app: App,
  path: (field: string) => string,
): string {
  const value = from.order_no
  if (typeof value !== 'string' || !channel.orderNo.test(value)) {
    throw badParameter(path('order_no'), `must match ${channel.orderNo.source}`)
  }
  if (name === 'allinpay' && app.allinpayMerchant && !value.startsWith(app.allinpayMerchant)) {
    throw badParameter(path('order_no'), 'must begin with the Allinpay number of the merchant')
  }
  return value
}

function readDescription(body: JsonObject, rule: (value: unknown) => string | undefined): string {
  const value = body.description
  if (value === undefined || value === '') throw badParameter('description', 'is required')
  const issue = rule(value)
  if (issue) throw badParameter('description', issue)
  return String(value)
}

function readAmount(from: JsonObject, param: string): number {
  const value = from.amount
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) {
    throw badParameter(param, 'must be an integer above 0')
  }
  return value
}

function readMetadata(body: JsonObject): JsonObject {
  const value = body.metadata ?? {}
  if (!isObject(value)) throw badParameter('metadata', 'must be an object')
  const pairs = Object.entries(value)
  const length = pairs.reduce((sum, [name, member]) => sum + [...name, ...String(member)].length, 0)
  if (pairs.length > 20 || length > 1000) throw badParameter('metadata', 'must be at most 20 pairs and 1000 characters')
  return value
}

function checkCurrency(body: JsonObject): void {
  if (body.currency !== undefined && body.currency !== 'cny') throw badParameter('currency', 'must be cny')
}

function matching(from: JsonObject, name: string, shape: RegExp, rule: string): string {
  const value = from[name]
  if (typeof value !== 'string' || !shape.test(value)) throw badParameter(name, rule)
  return value
}

/** A parameter of a list that is an integer in a range; `otherwise` when it is absent. */
export function readInteger(
  query: URLSearchParams,
  name: string,
  least: number,
  most: number,
  otherwise: number,
): number {
  const text = query.get(name)
  if (text === null) return otherwise
  const value = Number(text)
  if (!/^\d{1,16}$/.test(text) || value < least || value > most) throw outOfRange(name, least, most)
  return value
}

function outOfRange(name: string, least: number, most: number): Refusal {
  return badParameter(name, `must be an integer from ${least} to ${most}`)
}

/** The filter of `created[gt]` and its three companions, over Unix seconds. */
export function readCreated(query: URLSearchParams): { any: boolean; holds: (seconds: number) => boolean } {
  const bounds = COMPARISONS.filter(([name]) => query.has(name)).map(([name, compare]) => {
    const bound = readInteger(query, name, 0, Number.MAX_SAFE_INTEGER, 0)
    return (seconds: number) => compare(seconds, bound)
  })
  return { any: bounds.length > 0, holds: seconds => bounds.every(holds => holds(seconds)) }
}

const COMPARISONS: readonly (readonly [string, (seconds: number, bound: number) => boolean])[] = [
  ['created[gt]', (seconds, bound) => seconds > bound],
  ['created[gte]', (seconds, bound) => seconds >= bound],
  ['created[lt]', (seconds, bound) => seconds < bound],
  ['created[lte]', (seconds, bound) => seconds <= bound],
]
