/** The one place that imports payseal, inside the worker. */
import { WechatPay } from 'payseal'

export { openSheet, sheetTargets, sheetTemplate } from 'payseal/sheet'

/** WeChat Pay's public key, with the id that goes into Wechatpay-Serial. */
export interface SealingKey {
  id: string
  publicKey: string
}

/**
 * Seals names for one public key. The package seals through a client, and a client wants a signer: this one cannot sign.
 *
 * @throws {KeyError} when the text is no public key, or the id is none
 */
export function nameSealer({ id, publicKey }: SealingKey): (name: string) => Promise<string> {
  const unable = { sign: () => Promise.reject(new Error('this page has no private key')) }
  const wechat = new WechatPay({
    mchid: '0',
    serialNo: '0'.repeat(40),
    privateKey: unable,
    platformKeys: [{ id, publicKey }],
  })
  return async name => (await wechat.encrypt(name)).ciphertext
}
