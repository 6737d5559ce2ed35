// Who runs the job "3,000 payees" in bench.mjs. Each contender imports only what it needs, since bench-once.mjs starts
// one alone in a fresh process. A contender turns a CSV, or objects, into signed requests { headers, body }.

import { createPrivateKey, X509Certificate } from 'node:crypto'

export const path = '/v3/transfer/batches'
export const batchSize = 1000
/** The merchant's own range, as in the demo. */
export const limits = {
  maxDetails: batchSize,
  minAmount: 10,
  maxAmount: 500_000,
  nameForbiddenBelow: 30,
  nameRequiredFrom: 200_000,
}

/** One batch without its payees. */
export const frame = (appid, number) => ({
  appid,
  out_batch_no: number,
  batch_name: '2026年11月结算',
  batch_remark: '2026年11月结算',
  transfer_scene_id: '1005',
})

/** The package, as DESIGN 4 says to use it. */
function payseal(engine) {
  return async ({ mchid, serialNo, privateKey, certificate, appid }) => {
    const { WechatPay } = await import('payseal')
    const platformKeys = [{ certificate }]
    const wechat = new WechatPay({ mchid, serialNo, privateKey, platformKeys, limits, engine })
    const signed = async batch => {
      const sealed = await wechat.transferBatches.prepare(batch)
      return wechat.sign({ method: 'POST', path, body: sealed.body, serial: sealed.serial })
    }
    const objects = async batches => {
      const requests = []
      for (const batch of batches) requests.push(await signed(batch))
      return requests
    }
    return {
      objects,
      async csv(bytes, number) {
        const { readSheet } = await import('payseal/sheet')
        const sheet = await readSheet(bytes, { target: 'wechat-batch', limits })
        const all = {
          ...frame(appid, number),
          total_amount: sheet.total,
          total_num: sheet.count,
          transfer_detail_list: sheet.rows,
        }
        return objects(wechat.transferBatches.split(all, { size: batchSize }))
      },
      sign: () => wechat.sign({ method: 'GET', path: '/v3/certificates' }),
    }
  }
}

/** Plain JavaScript on node:crypto with parsed keys. */
async function handwritten({ mchid, serialNo, privateKey, certificate, appid }) {
  const { authorize, payObjects, readBatches } = await import('./handwritten.mjs')
  const x509 = new X509Certificate(certificate)
  const sealFor = { id: x509.serialNumber, publicKey: x509.publicKey }
  const merchant = { mchid, serialNo, privateKey: createPrivateKey(privateKey), sealFor }
  return {
    objects: async batches => payObjects(merchant, batches, limits),
    csv: async (bytes, number) => payObjects(merchant, readBatches(bytes, frame(appid, number), batchSize), limits),
    sign: async () => authorize(merchant, 'GET', '/v3/certificates', Buffer.alloc(0)),
  }
}

/** wechatpay-axios-plugin the way its manual shows it: a PEM per call, and no validation. */
async function axiosPlugin({ mchid, serialNo, privateKey, certificate, appid }) {
  const { Formatter, Rsa } = await import('wechatpay-axios-plugin')
  const sign = (method, target, body) => {
    const timestamp = Formatter.timestamp()
    const nonce = Formatter.nonce()
    const signature = Rsa.sign(Formatter.request(method, target, timestamp, nonce, body), privateKey)
    return Formatter.authorization(mchid, nonce, signature, timestamp, serialNo)
  }
  const objects = async batches =>
    batches.map(batch => {
      const body = JSON.stringify({
        ...batch,
        transfer_detail_list: batch.transfer_detail_list.map(detail => ({
          ...detail,
          user_name: Rsa.encrypt(detail.user_name, certificate),
        })),
      })
      const serial = new X509Certificate(certificate).serialNumber
      const headers = {
        Authorization: sign('POST', path, body),
        'Content-Type': 'application/json',
        'Wechatpay-Serial': serial,
      }
      return { headers, body }
    })
  return {
    objects,
    async csv(bytes, number) {
      const { readBatches } = await import('./handwritten.mjs')
      return objects(readBatches(bytes, frame(appid, number), batchSize))
    },
    sign: async () => sign('GET', '/v3/certificates', ''),
  }
}

export const contenders = {
  'payseal auto': payseal('auto'),
  'payseal wasm': payseal('wasm'),
  'node:crypto by hand': handwritten,
  'wechatpay-axios-plugin': axiosPlugin,
}
