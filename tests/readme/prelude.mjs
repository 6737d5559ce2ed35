// What an example of a README takes for granted, put there before it runs: the merchant's own functions, and a provider.
// The examples name the providers' addresses; here every request to them goes to the sandbox.

import { createServer } from 'node:http'
import { startSandbox } from 'payseal/sandbox'

const sandbox = await startSandbox({ port: 0 })
const { mchid, serialNo, privateKey, apiV3Key, platformKeys, appid } = sandbox.wechat
const [{ id: keyId, publicKey: pem }] = platformKeys.filter(key => key.publicKey)

const direct = globalThis.fetch
globalThis.fetch = async (url, options) => {
  // The examples ask for the result right after paying; here the hour in between goes by at once.
  if (options.method === 'GET') await sandbox.advance(3600)
  return direct(String(url).replace(/^https:\/\/api\.(mch\.weixin\.qq|pingxx)\.com/, sandbox.url), options)
}

/** A notification as it arrives: raw bytes and headers. */
async function receive() {
  const { WechatPay } = await import('payseal')
  const client = new WechatPay({ ...sandbox.wechat, fetch: direct })
  let arrived
  const message = new Promise(resolve => {
    arrived = resolve
  })
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    response.writeHead(204).end()
    arrived({ headers: request.headers, body: Buffer.concat(chunks) })
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const notify_url = `http://127.0.0.1:${server.address().port}/`
  await client.transferBatches.create({ ...batch, out_batch_no: 'notified1', notify_url })
  await sandbox.advance(3600)
  server.close()
  return message
}

const batch = {
  appid,
  out_batch_no: 'readme1',
  batch_name: '十一月',
  batch_remark: '十一月',
  total_amount: 1000,
  total_num: 1,
  transfer_detail_list: [
    {
      out_detail_no: 'detail1',
      transfer_amount: 1000,
      transfer_remark: '十一月',
      openid: 'oReadme',
      user_name: '李示例',
    },
  ],
}

const stored = new Map()
const remembered = []
const handlers = new Map()
Object.assign(globalThis, {
  ...{ mchid, serialNo, privateKey, apiV3Key, pem, batch },
  store: async (number, text) => stored.set(number, text),
  remember: async (...notification) => remembered.push(notification),
  app: { post: (path, ...steps) => handlers.set(path, steps.at(-1)) },
  express: { raw: options => options },
  surroundings: {
    sandbox,
    stored,
    remembered,
    handlers,
    receive,
    credentials: { mchid, serialNo, apiV3Key, keyId, appid },
  },
})
