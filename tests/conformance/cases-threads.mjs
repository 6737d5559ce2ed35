/** Sealing on several threads, opened by the host's WebCrypto. */
import { batch, check, client, equal, fromBase64, refused } from './kit.mjs'

const oaep = { name: 'RSA-OAEP', hash: 'SHA-1' }

export const cases = {
  async 'large batches sealed by threads open in their order; a host without threads says so'(t) {
    if (!globalThis.Worker && !globalThis.process) {
      await refused(t, 'ERR_ENGINE_UNAVAILABLE', () => client(t, { workers: 2 }))
      return
    }
    const { judge } = t.credentials
    const key = await crypto.subtle.importKey('pkcs8', fromBase64(judge.privateKey), oaep, false, ['decrypt'])
    const wechat = client(t, { workers: 2 })
    // The first ones while the threads start, the last ones with threads.
    for (let round = 0; round < 8; round += 1) {
      const made = batch(601)
      const sealed = await wechat.transferBatches.prepare(made)
      const details = JSON.parse(new TextDecoder().decode(sealed.body)).transfer_detail_list
      equal(details.length, 601)
      // The first and last row of every part, whoever sealed it.
      for (const index of [0, 255, 256, 300, 301, 511, 512, 600]) {
        const name = await crypto.subtle.decrypt(oaep.name, key, fromBase64(details[index].user_name))
        equal(new TextDecoder().decode(name), made.transfer_detail_list[index].user_name, `row ${index + 1}`)
      }
    }
    await wechat.close()
    check((await wechat.transferBatches.prepare(batch(300))).count === 300, 'it works without threads')
  },

  async 'workers is a whole number of threads'(t) {
    for (const workers of [-1, 1.5, '2', 65]) await refused(t, 'ERR_OPTIONS', () => client(t, { workers }))
  },
}
