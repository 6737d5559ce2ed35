/** What must never happen: a private key that stays, a name that leaves, a file that goes anywhere. */
import assert from 'node:assert/strict'
import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { WechatPay } from 'payseal'
import { drop, settled, skip, startPanel } from './kit.mjs'
import { sheet } from './people.mjs'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const secret = {
  'PKCS#8 PEM': privateKey.export({ type: 'pkcs8', format: 'pem' }),
  'PKCS#1 PEM': privateKey.export({ type: 'pkcs1', format: 'pem' }),
  'PKCS#8 base64': privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  'PKCS#1 base64': privateKey.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
}

const head = {
  appid: 'wxf636efh567hg4356',
  out_batch_no: 'panel202611',
  batch_name: '11月奖金',
  batch_remark: '11月奖金',
  transfer_scene_id: '1005',
}

let panel
before(async () => {
  if (!skip) panel = await startPanel()
})
after(() => panel?.close())

async function opened(rows = 20) {
  const opened = await panel.open({ locale: 'en-US' })
  await drop(opened.page, 'payouts.csv', sheet(rows))
  await settled(opened.page)
  return opened
}

for (const [form, text] of Object.entries(secret)) {
  test(`a private key is refused and forgotten wherever it is pasted: ${form}`, { skip }, async () => {
    const { page, faults, close } = await opened()
    await page.getByRole('tab', { name: 'Approve' }).click()
    for (const label of ['WeChat Pay public key (PEM)', 'Public key ID or certificate serial', 'Compare with a hash']) {
      await page.getByLabel(label).fill(text)
      const dialog = page.getByRole('dialog', { name: 'That was a private key' })
      await dialog.waitFor()
      await dialog.getByRole('button').click()
      assert.equal(await page.getByLabel(label).inputValue(), '')
    }
    assert.deepEqual(await faults(), [])
    await close()
  })
}

test('a file that holds a private key is refused', { skip }, async () => {
  const { page, close } = await panel.open({ locale: 'en-US' })
  await drop(page, 'apiclient_key.pem', Buffer.from(secret['PKCS#8 PEM']))
  await page.getByRole('dialog', { name: 'That was a private key' }).waitFor()
  assert.equal(await page.locator('.verdict').count(), 0)
  await close()
})

test('a public key is no private key, and seals names so that only its owner reads them', { skip }, async () => {
  const { page, faults, close } = await opened()
  await page.getByRole('tab', { name: 'Approve' }).click()
  await page.getByLabel('Public key ID or certificate serial').fill('PUB_KEY_ID_0114232134912410000000000000')
  await page.getByLabel('WeChat Pay public key (PEM)').fill(publicKey.export({ type: 'spki', format: 'pem' }))
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Seal and download' }).click(),
  ])
  const written = readFileSync(await download.path(), 'utf8')
  const { rows, wechatpaySerial, count, sealedHash, approvalHash } = JSON.parse(written)
  const names = sheet(20)
    .toString()
    .split('\r\n')
    .slice(1, -1)
    .map(line => line.split(',')[2])
  const open = text =>
    privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, Buffer.from(text, 'base64'))
  assert.deepEqual(
    rows.map(row => open(row.user_name).toString()),
    names,
  )
  for (const name of names) assert.ok(!written.includes(name))
  assert.deepEqual([wechatpaySerial, count], ['PUB_KEY_ID_0114232134912410000000000000', 20])

  // The merchant's server pays by that file, and by no other.
  const wechat = new WechatPay({
    mchid: '1900001109',
    serialNo: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
    privateKey: secret['PKCS#8 PEM'],
    platformKeys: [{ id: wechatpaySerial, publicKey: publicKey.export({ type: 'spki', format: 'pem' }) }],
  })
  const batch = { ...head, transfer_detail_list: rows }
  const [part] = wechat.transferBatches.split(batch, { sealedFor: wechatpaySerial, approved: sealedHash })
  const request = await wechat.transferBatches.prepare(part, { sealedFor: wechatpaySerial })
  assert.deepEqual(JSON.parse(Buffer.from(request.body).toString()).transfer_detail_list, rows)
  assert.equal(request.serial, wechatpaySerial)
  for (const other of [approvalHash, `0${sealedHash.slice(1)}`, `1${sealedHash.slice(1)}`]) {
    if (other === sealedHash) continue
    const splitting = () => wechat.transferBatches.split(batch, { sealedFor: wechatpaySerial, approved: other })
    assert.throws(splitting, { code: 'ERR_NOT_APPROVED' })
  }
  assert.deepEqual(await faults(), [])
  await close()
})

test('a key that is none is named, and nothing is written', { skip }, async () => {
  const { page, close } = await opened()
  await page.getByRole('tab', { name: 'Approve' }).click()
  await page.getByLabel('Public key ID or certificate serial').fill('PUB_KEY_ID_0114232134912410000000000000')
  await page.getByLabel('WeChat Pay public key (PEM)').fill('no key')
  await page.getByRole('button', { name: 'Seal and download' }).click()
  await page.getByRole('alert').getByText('The key cannot be used.').waitFor()
  await close()
})

test('what is no sheet is refused with a reason, and the page goes on', { skip }, async () => {
  const { page, faults, close } = await panel.open({ locale: 'en-US' })
  await drop(page, 'photo.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 255, 254, 0]))
  await page.getByRole('alert').getByText('ERR_SHEET_').waitFor()
  await drop(page, 'payouts.csv', sheet(3))
  await settled(page)
  assert.equal(await page.locator('.notice').count(), 0)
  assert.deepEqual(await faults(), [])
  await close()
})

test('markup in a cell is text', { skip }, async () => {
  const { page, faults, close } = await panel.open({ locale: 'en-US' })
  const bytes = Buffer.from(sheet(2).toString().replace('P00000001', '<img src=x onerror=alert(1)>'))
  await drop(page, '<b>name</b>.csv', bytes)
  await settled(page)
  await page.getByText('<img src=x onerror=alert(1)>').first().waitFor()
  assert.equal(await page.locator('.grid img').count(), 0)
  assert.deepEqual(await faults(), [])
  await close()
})
