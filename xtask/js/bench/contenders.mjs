// Who runs the job "3,000 payees", and who signs. Each contender imports only what it needs, since once.mjs starts one alone in a fresh
// process. A contender turns a CSV, or objects, into signed requests { headers, body }.

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
function payseal(options) {
  return async ({ mchid, serialNo, privateKey, certificate, appid }) => {
    const { WechatPay } = await import('payseal')
    const platformKeys = [{ certificate }]
    const wechat = new WechatPay({ mchid, serialNo, privateKey, platformKeys, limits, ...options })
    const signed = ({ body, serial }) => wechat.sign({ method: 'POST', path, body, serial })
    const objects = async batches => {
      const requests = []
      for (const batch of batches) requests.push(await signed(await wechat.transferBatches.prepare(batch)))
      return requests
    }
    return {
      objects,
      async csv(bytes, number) {
        const head = frame(appid, number)
        const requests = []
        for (const sealed of await wechat.transferBatches.prepareSheet(bytes, head, { size: batchSize }))
          requests.push(await signed(sealed))
        return requests
      },
      sign: () => wechat.sign({ method: 'GET', path: '/v3/certificates' }),
      seal: name => wechat.encrypt(name),
      close: () => wechat.close(),
    }
  }
}

/** Plain JavaScript on node:crypto with parsed keys. */
async function handwritten({ mchid, serialNo, privateKey, certificate }) {
  const [{ authorize, payObjects }, { createPrivateKey, X509Certificate }] = await Promise.all([
    import('./handwritten.mjs'),
    import('node:crypto'),
  ])
  const x509 = new X509Certificate(certificate)
  const sealFor = { id: x509.serialNumber, publicKey: x509.publicKey }
  const merchant = { mchid, serialNo, privateKey: createPrivateKey(privateKey), sealFor }
  return {
    objects: async batches => payObjects(merchant, batches, limits),
    sign: async () => authorize(merchant, 'GET', '/v3/certificates', Buffer.alloc(0)),
  }
}

/** wechatpay-axios-plugin the way its manual shows it: a PEM per call, and no validation. */
async function axiosPlugin({ mchid, serialNo, privateKey, certificate }) {
  const { Formatter, Rsa } = await import('wechatpay-axios-plugin')
  const { X509Certificate } = await import('node:crypto')
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
    sign: async () => sign('GET', '/v3/certificates', ''),
    seal: async name => Rsa.encrypt(name, certificate),
  }
}

/** RSA in plain JavaScript: a parsed key, and the header written by hand. */
async function forge({ mchid, serialNo, privateKey }) {
  const [{ authorize }, { default: forge }] = await Promise.all([import('./handwritten.mjs'), import('node-forge')])
  const key = forge.pki.privateKeyFromPem(privateKey)
  const sign = message => {
    const digest = forge.md.sha256.create()
    digest.update(message.toString('latin1'), 'raw')
    return forge.util.encode64(key.sign(digest))
  }
  return { sign: async () => authorize({ mchid, serialNo, sign }, 'GET', '/v3/certificates', Buffer.alloc(0)) }
}

/** The same with jsrsasign. */
async function jsrsasign({ mchid, serialNo, privateKey }) {
  const [{ authorize }, { KEYUTIL, KJUR }] = await Promise.all([import('./handwritten.mjs'), import('jsrsasign')])
  const key = KEYUTIL.getKey(privateKey)
  const sign = message => {
    const signature = new KJUR.crypto.Signature({ alg: 'SHA256withRSA' })
    signature.init(key)
    signature.updateHex(message.toString('hex'))
    return Buffer.from(signature.sign(), 'hex').toString('base64')
  }
  return { sign: async () => authorize({ mchid, serialNo, sign }, 'GET', '/v3/certificates', Buffer.alloc(0)) }
}

export const contenders = {
  payseal: payseal({}),
  'payseal, engine wasm': payseal({ engine: 'wasm' }),
  'payseal, 2 workers': payseal({ workers: 2 }),
  'node:crypto by hand': handwritten,
  'wechatpay-axios-plugin': axiosPlugin,
  'node-forge': forge,
  jsrsasign,
}
