/*
 * What the sandbox demands of a payee, channel by channel: spec 5.1, 6, 10.1 and 12, written down a second time on purpose.
 * Rules that the spec marks as warnings are not enforced: the provider takes what they warn of.
 */
import type { JsonObject } from '../json.js'

/** Whom a payment may go to: a person or a company. */
export type PayeeType = 'b2c' | 'b2b'

/** A rule about one member: what it says in English, if the value breaks it. */
type Rule = (value: unknown) => string | undefined

interface Field {
  readonly rule: Rule
  readonly required?: boolean | 'b2b'
}

/** What is known about one channel. */
export interface Channel {
  /** The member that names the payee. */
  readonly payee: 'account' | 'open_id' | 'user'
  readonly types: readonly PayeeType[]
  readonly orderNo: RegExp
  readonly fields: Readonly<Record<string, Field>>
  /** Members of which at least one is needed. */
  readonly oneOf?: readonly [string, string]
  /** The description of a payment made alone, where its limit is another one. */
  readonly aloneDescription?: Rule
  /** Whether a payment made alone must be signed. */
  readonly signed: boolean
}

const ANYONE: readonly PayeeType[] = ['b2c', 'b2b']
const PEOPLE: readonly PayeeType[] = ['b2c']
const LETTERS_AND_DIGITS_64 = /^[A-Za-z0-9]{1,64}$/

/** Length in Unicode characters. */
function characters(least: number, most: number): Rule {
  return textRule(
    value => [...value].length >= least && [...value].length <= most,
    `must be ${least} to ${most} characters`,
  )
}

/** Length as the reference counts bytes: one for ASCII, two for everything else (spec 8.2). */
export function bytes(most: number): Rule {
  const width = (text: string) => [...text].reduce((sum, character) => sum + (character <= '\u007f' ? 1 : 2), 0)
  return textRule(value => width(value) <= most, `must be at most ${most} bytes`)
}

function shaped(shape: RegExp, what: string): Rule {
  return textRule(value => shape.test(value), `must be ${what}`)
}

function textRule(holds: (value: string) => boolean, issue: string): Rule {
  return value => {
    if (typeof value !== 'string') return 'must be a string'
    return holds(value) ? undefined : issue
  }
}

const filled = textRule(value => value.trim() !== '', 'must not be blank')

/** Spec 6.3: 99 letters or 33 Chinese characters are 99 bytes of UTF-8; "special characters" are control and astral ones. */
const wechatDescription = textRule(
  value => Buffer.byteLength(value) <= 99 && !/[\p{Cc}\u{10000}-\u{10ffff}]/u.test(value),
  'must be at most 99 bytes of UTF-8 without special characters',
)

const bankCode: Field = { rule: shaped(/^\d{4}$/, '4 digits') }
const card: Field = { rule: filledAnd(characters(1, 32)), required: true }
const holder: Field = { rule: filledAnd(characters(1, 100)), required: true }

function filledAnd(rule: Rule): Rule {
  return value => filled(value) ?? rule(value)
}

function oneOfValues(...values: unknown[]): Rule {
  return value => (values.includes(value) ? undefined : `must be ${values.join(' or ')}`)
}

const wechat: Channel = {
  payee: 'open_id',
  types: PEOPLE,
  orderNo: /^[A-Za-z0-9]{1,32}$/,
  fields: {
    open_id: { rule: filled, required: true },
    name: { rule: characters(0, 100) },
    force_check: { rule: oneOfValues(true, false) },
    description: { rule: wechatDescription },
  },
  signed: false,
}

/** The eight channels of a batch. */
export const CHANNELS: Readonly<Record<string, Channel>> = {
  alipay: {
    payee: 'account',
    types: ANYONE,
    orderNo: LETTERS_AND_DIGITS_64,
    fields: {
      account: { rule: filled, required: true },
      name: { rule: characters(1, 50) },
      account_type: { rule: oneOfValues('ALIPAY_LOGONID', 'ALIPAY_USERID') },
      description: { rule: bytes(200) },
    },
    aloneDescription: characters(1, 100),
    signed: true,
  },
  unionpay: {
    payee: 'account',
    types: ANYONE,
    orderNo: /^\d{1,16}$/,
    fields: {
      account: card,
      name: holder,
      open_bank_code: bankCode,
      open_bank: { rule: characters(1, 50) },
      description: { rule: bytes(200) },
      prov: { rule: characters(1, 20) },
      city: { rule: characters(1, 40) },
    },
    oneOf: ['open_bank_code', 'open_bank'],
    aloneDescription: characters(1, 99),
    signed: true,
  },
  wx: wechat,
  wx_pub: wechat,
  wx_lite: { ...wechat, signed: true },
  allinpay: {
    payee: 'account',
    types: ANYONE,
    orderNo: /^[A-Za-z0-9]{20,40}$/,
    fields: {
      account: card,
      name: holder,
      open_bank_code: { ...bankCode, required: true },
      description: { rule: characters(0, 30) },
      business_code: { rule: shaped(/^\d{5}$/, '5 digits') },
      card_type: { rule: oneOfValues(0, 1, 2) },
      sub_bank: { rule: characters(1, 80), required: 'b2b' },
      sub_bank_code: { rule: shaped(/^\d{1,12}$/, '1 to 12 digits'), required: 'b2b' },
      prov: { rule: characters(1, 20), required: 'b2b' },
      city: { rule: characters(1, 40), required: 'b2b' },
    },
    signed: true,
  },
  jdpay: {
    payee: 'account',
    types: ANYONE,
    orderNo: LETTERS_AND_DIGITS_64,
    fields: {
      account: card,
      name: holder,
      open_bank_code: { ...bankCode, required: true },
      description: { rule: characters(0, 100) },
    },
    signed: true,
  },
  balance: {
    payee: 'user',
    types: PEOPLE,
    orderNo: /^[A-Za-z0-9_-]{1,64}$/,
    fields: { user: { rule: filled, required: true }, description: { rule: characters(0, 100) } },
    aloneDescription: characters(1, 255),
    signed: false,
  },
}

/** What is wrong with one payee: the member and the rule, or undefined. Amount and order number are not looked at. */
export function payeeFault(
  payee: JsonObject,
  channel: Channel,
  type: PayeeType,
): [field: string, issue: string] | undefined {
  for (const [name, { rule, required }] of Object.entries(channel.fields)) {
    const value = payee[name]
    const needed = required === true || required === type
    if (value === undefined && needed) return [name, 'is required']
    const issue = value === undefined ? undefined : rule(value)
    if (issue) return [name, issue]
  }
  const [first, second] = channel.oneOf ?? []
  if (first && second && payee[first] === undefined && payee[second] === undefined)
    return [first, `or ${second} is required`]
  if (payee.account_type === 'ALIPAY_USERID' && !/^2088\d{12}$/.test(String(payee.account))) {
    return ['account', 'must be 16 digits beginning with 2088']
  }
  return undefined
}
