/** What goes to and comes from Ping++. Wire names, amounts in fen; what is not known today is kept. */
import type { ClientOptions } from '../types.js'

/** The channels of a payout; jdpay is retired. */
export type PingppChannel =
  | 'alipay'
  | 'unionpay'
  | 'wx'
  | 'wx_pub'
  | 'wx_lite'
  | 'allinpay'
  | 'jdpay'
  | 'balance'
  | (string & {})

/** Limits that differ between merchants, or that sources disagree about: the default is what the reference says. */
export interface PingppLimits {
  /** Recipients per batch; no number is published. */
  maxRecipients?: number
  /** Smallest amount of one recipient, fen; no number is published. */
  minAmount?: number
  /** The Allinpay merchant number, with which every `order_no` of that channel begins. */
  allinpayMerchant?: string
  /** mapi requires names; unless said, a missing name is warned about. */
  alipayProduct?: 'openapi' | 'mapi'
  /** Whether alipay pays to companies; default true. */
  alipayB2b?: boolean
  /** How descriptions are counted; default mixed: ASCII as 1, everything else as 2. */
  descriptionUnit?: 'mixed' | 'utf8-bytes' | 'characters-255'
  /** Length of `batch_no`; default 11-32. */
  batchNoRule?: '11-32' | '3-24'
  /** Default 50; above 15 is warned about. */
  openBankMax?: 50 | 15
  /** Default 32. */
  wxOrderNoMax?: 32 | 50
  /** Default 2. */
  cardTypeMax?: 2 | 1
  /** Check the last digit of bank cards; default false, because passbook numbers have none. */
  luhn?: boolean
  /** Warn about a `batch_no` of 25 to 32 characters; default false. */
  strictCompat?: boolean
}

/** Options of `Pingpp`. */
export interface PingppOptions extends ClientOptions {
  /** `app_…` */
  app: string
  /** `sk_test_…` or `sk_live_…`; it says whether the money is real. */
  apiKey: string
  /** The Ping++ public key of the dashboard, PEM, DER or bare base64. Without it replies are not verified, and events cannot be read. */
  platformPublicKey?: string | Uint8Array | ArrayBuffer | undefined
  limits?: PingppLimits | undefined
  /** How the API key is sent; default basic. */
  auth?: 'basic' | 'bearer' | undefined
  /** The language of the provider's messages; default that of `locale`. */
  language?: 'zh-CN' | 'en' | undefined
  /** Asked once for each verified event: whether this id was handled before. True refuses the event as a replay. */
  seen?: ((id: string) => boolean | Promise<boolean>) | undefined
  /** How far the `created` of an event may be from now, both ways; default any. Ping++ repeats an event for about 25 hours. */
  eventToleranceSeconds?: number | undefined
}

/** One payee of a batch. Which fields are due depends on the channel: `validate` says. */
export interface BatchRecipient {
  /** Fen, a whole number. */
  amount: number | bigint
  /** alipay, unionpay, allinpay, jdpay. */
  account?: string | undefined
  /** wx, wx_pub, wx_lite. */
  open_id?: string | undefined
  /** balance. */
  user?: string | undefined
  name?: string | undefined
  description?: string | undefined
  /** The number of this payment. Give one: it is what makes a payment recognisable after a lost reply. */
  order_no?: string | undefined
  account_type?: 'ALIPAY_LOGONID' | 'ALIPAY_USERID' | undefined
  /** Four digits, as text. */
  open_bank_code?: string | undefined
  open_bank?: string | undefined
  prov?: string | undefined
  city?: string | undefined
  force_check?: boolean | undefined
  business_code?: string | undefined
  card_type?: 0 | 1 | 2 | undefined
  sub_bank?: string | undefined
  sub_bank_code?: string | undefined
}

/** What may be attached to a payment: at most 20 pairs, 1000 characters in all. */
export type Metadata = Readonly<Record<string, string | number | boolean>>

/** `POST /v1/batch_transfers`. */
export interface BatchTransfer {
  app: string
  /** 11 to 32 letters and digits, unique per merchant: the idempotency key. */
  batch_no: string
  channel: PingppChannel
  /** Fen; the sum of the recipients. */
  amount: number | bigint
  description: string
  recipients: readonly BatchRecipient[]
  /** To a person, or to a company. */
  type: 'b2c' | 'b2b'
  currency?: 'cny' | undefined
  metadata?: Metadata | undefined
}

/** Recipients of any number, on their way into batches. `amount` may be left out; where it is given it must be right. */
export type BatchTransferUpload = Omit<BatchTransfer, 'amount'> & Partial<Pick<BatchTransfer, 'amount'>>

/** A payee of a batch as the provider describes it; early replies leave much of it out. */
export interface BatchRecipientState {
  /** `tr_…`: the single transfer. */
  transfer?: string
  /** `pending`, `paid`, `failed`, `scheduled`, or one that came later: then it is not final. */
  status?: string
  amount?: number
  order_no?: string
  fee?: number
  failure_msg?: string | null
  transaction_no?: string | null
  [field: string]: unknown
}

/** A batch as the provider describes it. */
export interface BatchTransferState {
  /** Digits; keep it as text. */
  id: string
  object: string
  app?: string
  batch_no: string
  channel: string
  amount: number
  /** Unix seconds. */
  created: number
  livemode: boolean
  recipients: BatchRecipientState[]
  /** Final: `succeeded`, `failed`, `partially_succeeded`, `canceled`. Anything else, known or not, is under way. */
  status: string
  type?: string
  currency?: string
  description?: string
  fee?: number
  /** What went wrong; with the older Alipay product, the address where somebody has to confirm. */
  failure_msg?: string | null
  time_succeeded?: number | null
  metadata?: Record<string, unknown>
  [field: string]: unknown
}

/** `POST /v1/transfers`. Which fields are due depends on the channel: `validate` says. */
export interface Transfer {
  app: string | { id: string }
  channel: PingppChannel
  /** The number of this payment: the idempotency key. */
  order_no: string
  /** Fen. */
  amount: number | bigint
  type: 'b2c' | 'b2b'
  description: string
  recipient?: string | undefined
  currency?: 'cny' | undefined
  extra?: Readonly<Record<string, unknown>> | undefined
  metadata?: Metadata | undefined
}

/** A single transfer as the provider describes it. */
export interface TransferState {
  /** `tr_…` */
  id: string
  object: string
  order_no: string
  /** `pending`, `paid`, `failed`, `scheduled`, or one that came later: then it is not final. */
  status: string
  channel: string
  amount: number
  created: number
  livemode: boolean
  app?: string
  batch_no?: string | null
  type?: string
  recipient?: string | null
  failure_msg?: string | null
  time_transferred?: number | null
  transaction_no?: string | null
  [field: string]: unknown
}

/** When objects were created, in Unix seconds. */
export interface Created {
  gt?: number
  gte?: number
  lt?: number
  lte?: number
}

/** Which batches to list. The provider filters by nothing else. */
export interface BatchListOptions {
  /** Where to begin; default 1. */
  page?: number | undefined
  /** 1 to 100; default 100. */
  perPage?: number | undefined
  created?: Created | undefined
  /** Default this client's. */
  app?: string | undefined
}

/** Which single transfers to list; without `created`, the provider looks about a month back. */
export interface TransferListOptions {
  /** Per request, 1 to 100; default 100. */
  limit?: number | undefined
  /** Older than this transfer. */
  startingAfter?: string | undefined
  /** Newer than this transfer; pages then go forward in time, each with its newest first. */
  endingBefore?: string | undefined
  created?: Created | undefined
  channel?: PingppChannel | undefined
  status?: string | undefined
  type?: 'b2c' | 'b2b' | undefined
  /** Default this client's. */
  app?: string | undefined
}

/** What an event is about; dispatch on `object`. */
export type EventResource = BatchTransferState | TransferState | { object: string; [field: string]: unknown }

/** An event that was verified; there is no other way to get one. */
export interface PingppEvent<Resource = EventResource> {
  /** Unique per event: what to deduplicate by. The same event may be delivered several times, and out of order. */
  id: string
  /** Such as `batch_transfer.succeeded`, which also stands for batches that were paid in part. */
  type: string
  /** Unix seconds. */
  created: number
  livemode: boolean
  data: { object: Resource; previousAttributes?: Record<string, unknown> }
  /** The API request behind it, if there is one. */
  request?: string | null
  pendingWebhooks?: number
  /** The whole event as it came, with everything that is not known today. */
  envelope: Record<string, unknown>
}
