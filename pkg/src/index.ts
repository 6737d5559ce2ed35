/** The public names. */
export type { EarlierRequests } from './earlier.js'
export {
  BatchError,
  CipherError,
  type ErrorCode,
  KeyError,
  PayoutError,
  ProviderError,
  SignatureError,
  TransportError,
} from './errors.js'
export type { Outcome } from './outcome.js'
export type { BatchTransfers } from './pingpp/batches.js'
export type { Transfers } from './pingpp/transfers.js'
export type * from './pingpp/types.js'
export { Pingpp } from './pingpp.js'
export { SealedRequest, type SealedRequestJson } from './sealed.js'
export type { PrepareSheetOptions, SplitOptions } from './splitting.js'
export type * from './types.js'
export { version } from './version.js'
export type { PrepareOptions, SealedNames, TransferBatches } from './wechat/batches.js'
export type * from './wechat/types.js'
export { WechatPay } from './wechat.js'
