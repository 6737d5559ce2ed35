import { randomUUID } from 'node:crypto'
import { beijingTime } from '../clock.js'
import type { World } from '../provider.js'
import type { Batch } from './batches.js'
import { certificatesOf, type Merchant, type PlatformKey } from './merchant.js'
import { totalsOf } from './queries.js'
import { sealResource, signatureHeaders } from './sealing.js'

const MINUTE = 60
const HOUR = 3600

/** Seconds between attempts, from the general page on notifications (spec 6.3). */
const DELAYS = [
  15,
  15,
  30,
  3 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  ...Array<number>(3).fill(30 * MINUTE),
  60 * MINUTE,
  ...Array<number>(3).fill(3 * HOUR),
  ...Array<number>(2).fill(6 * HOUR),
]

/**
 * Tells the merchant that a batch is over, if the batch named a `notify_url`.
 *
 * Every attempt carries the same body under the same id, signed anew.
 */
export async function announce(batch: Batch, merchant: Merchant, world: World): Promise<void> {
  const url = batch.request.notify_url
  if (!url) return
  const closed = batch.status === 'CLOSED'
  const id = randomUUID()
  const event = closed ? 'MCHTRANSFER.BATCH.CLOSED' : 'MCHTRANSFER.BATCH.FINISHED'
  const resource = closed ? closedResource(batch, merchant) : finishedResource(batch)
  const body = Buffer.from(
    JSON.stringify({
      id,
      create_time: beijingTime(batch.updated),
      event_type: event,
      resource_type: 'encrypt-resource',
      summary: closed ? '商家转账批次关闭通知' : '商家转账批次完成通知',
      resource: {
        original_type: 'mch_payment',
        ...sealResource(merchant.apiV3Key, JSON.stringify(resource), 'mch_payment'),
      },
    }),
  )
  await world.deliveries.deliver({
    provider: 'wechat',
    id,
    event,
    url,
    delays: DELAYS,
    accepts: status => status === 200 || status === 204,
    tamperings: ['bad-signature', 'probe', 'no-headers', 'stale'],
    compose: tampering => ({
      headers: {
        Accept: '*/*',
        'Content-Type': 'application/json',
        'User-Agent': 'Mozilla/4.0',
        ...signatureHeaders(body, notifyingKey(merchant), tampering),
      },
      body,
    }),
  })
}

/** The public key once there is one: the last step of the switch in spec 4.4. */
function notifyingKey(merchant: Merchant): PlatformKey {
  const key = merchant.platformKeys.find(({ certificate }) => !certificate) ?? certificatesOf(merchant).at(-1)
  if (!key) throw new Error('a platform without any key')
  return key
}

function finishedResource(batch: Batch): unknown {
  const { out_batch_no, total_num, total_amount } = batch.request
  return {
    out_batch_no,
    batch_id: batch.batch_id,
    batch_status: batch.status,
    total_num,
    total_amount,
    ...totalsOf(batch),
    update_time: beijingTime(batch.updated),
  }
}

function closedResource(batch: Batch, merchant: Merchant): unknown {
  const { out_batch_no, total_num, total_amount } = batch.request
  return {
    mchid: merchant.mchid,
    out_batch_no,
    batch_id: batch.batch_id,
    batch_status: batch.status,
    total_num,
    total_amount,
    close_reason: batch.closeReason,
    update_time: beijingTime(batch.updated),
  }
}
