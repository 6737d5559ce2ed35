/** The one place that imports payseal, inside the worker. */
import { type WechatLimits, WechatPay } from 'payseal'

export { openSheet, sheetTargets, sheetTemplate } from 'payseal/sheet'

/** WeChat Pay's public key, with the id that goes into Wechatpay-Serial. */
export interface SealingKey {
  id: string
  publicKey: string
}

/** Seals names for one public key. */
export interface NameSealer {
  seal(name: string): Promise<string>
  /** The approval hash of rows whose names are sealed. @throws {BatchError} ERR_BATCH_INVALID */
  approvalHash(rows: object[]): string
}

/**
 * The package seals through a client, and a client wants a signer: this one cannot sign.
 *
 * @throws {KeyError} when the text is no public key, or the id is none
 */
export function nameSealer({ id, publicKey }: SealingKey, limits: WechatLimits | undefined): NameSealer {
  const unable = { sign: () => Promise.reject(new Error('this page has no private key')) }
  const wechat = new WechatPay({
    mchid: '0',
    serialNo: '0'.repeat(40),
    privateKey: unable,
    platformKeys: [{ id, publicKey }],
    limits,
  })
  return {
    seal: async name => (await wechat.encrypt(name)).ciphertext,
    approvalHash: rows =>
      wechat.transferBatches.approvalHash(JSON.stringify({ transfer_detail_list: rows }), { sealedFor: id }),
  }
}
