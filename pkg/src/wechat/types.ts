/** What goes to and comes from WeChat Pay's batch transfers. Wire names, amounts in fen. */
/** One payee of a batch. */
export interface TransferDetail {
  /** 1 to 32 letters and digits, unique inside the batch. */
  out_detail_no: string
  /** Fen, a whole number. */
  transfer_amount: number | bigint
  /** 1 to 32 characters. */
  transfer_remark: string
  openid: string
  /** Plain text, which is sealed before it leaves; with `sealedFor`, sealed already. */
  user_name?: string | undefined
}

/** `POST /v3/transfer/batches`. */
export interface TransferBatch {
  appid: string
  /** 1 to 32 letters and digits, unique per merchant: the idempotency key. */
  out_batch_no: string
  batch_name: string
  batch_remark: string
  /** Fen; the sum of the details. */
  total_amount: number | bigint
  /** The number of details. */
  total_num: number
  transfer_detail_list: readonly TransferDetail[]
  transfer_scene_id?: string | undefined
  notify_url?: string | undefined
}

/** The reply to a create: accepted, which is not paid. */
export interface TransferBatchCreated {
  out_batch_no: string
  batch_id: string
  create_time: string
  batch_status?: string
}

/** One line of a batch query. */
export interface TransferDetailState {
  detail_id: string
  out_detail_no: string
  detail_status: string
}

/** The reply to a batch query. */
export interface TransferBatchState {
  transfer_batch: {
    mchid: string
    out_batch_no: string
    batch_id: string
    appid: string
    batch_status: string
    batch_type: string
    batch_name: string
    batch_remark: string
    close_reason?: string
    total_amount: number
    total_num: number
    create_time?: string
    update_time?: string
    success_amount?: number
    success_num?: number
    fail_amount?: number
    fail_num?: number
    transfer_scene_id?: string
  }
  /** Only when details were asked for, and only once the batch is final. */
  transfer_detail_list?: TransferDetailState[]
  offset?: number
  limit?: number
}

/** The reply to a detail query. */
export interface TransferDetailResult extends TransferDetailState {
  mchid: string
  out_batch_no: string
  batch_id: string
  appid: string
  transfer_amount: number
  transfer_remark: string
  fail_reason?: string
  openid: string
  /** Sealed for the merchant; `decrypt` opens it. */
  user_name?: string
  initiate_time?: string
  update_time: string
}

/** Which batch: by our number or by the provider's. */
export type BatchSelector = { outBatchNo: string; batchId?: undefined } | { batchId: string; outBatchNo?: undefined }

/** Which detail of a batch. */
export type DetailSelector =
  | { outBatchNo: string; outDetailNo: string; batchId?: undefined; detailId?: undefined }
  | { batchId: string; detailId: string; outBatchNo?: undefined; outDetailNo?: undefined }

/** Which details to list. */
export type DetailFilter = 'ALL' | 'SUCCESS' | 'FAIL' | 'WAIT_PAY'

/** Options of a batch query. */
export interface BatchQueryOptions {
  /** Lists details; they come only once the batch is final. */
  details?: DetailFilter | undefined
  /** From 0. */
  offset?: number | undefined
  /** 20 to 100. */
  limit?: number | undefined
}

/** A platform certificate that `certificates()` fetched, opened and verified. */
export interface PlatformCertificate {
  serialNo: string
  /** Unix seconds. */
  notBefore: number
  /** Unix seconds. */
  notAfter: number
  /** PEM. */
  certificate: string
}

/** The opened object of a batch notification; other events carry other fields. */
export interface NotificationResource {
  mchid?: string
  out_batch_no?: string
  batch_id?: string
  batch_status?: string
  total_num?: number
  total_amount?: number
  success_amount?: number
  success_num?: number
  fail_amount?: number
  fail_num?: number
  close_reason?: string
  update_time?: string
  [field: string]: unknown
}

/** A notification that was verified and opened; there is no other way to get one. */
export interface Notification<Resource = NotificationResource> {
  /** Unique per notification: what to deduplicate by. */
  id: string
  /** Such as `MCHTRANSFER.BATCH.FINISHED`. */
  eventType: string
  createTime: string
  resourceType: string
  summary: string
  resource: Resource
}
