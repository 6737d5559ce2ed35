import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, certificateOf, create, get, isSigned, named, openResource, publicKeyOf } from './merchant.mjs'

async function withSandbox(options, body) {
  const sandbox = await startSandbox(options)
  try {
    await body(sandbox)
  } finally {
    await sandbox.close()
  }
}

const list = async (sandbox, signing) => {
  const reply = await get(sandbox, '/v3/certificates', signing)
  const certificates = reply.json.data.map(entry => ({
    ...entry,
    pem: openResource(entry.encrypt_certificate, sandbox.wechat.apiV3Key),
  }))
  return { reply, certificates }
}

test('platform certificates are listed sealed, and sign their own list', () =>
  withSandbox({}, async sandbox => {
    const { reply, certificates } = await list(sandbox)
    assert.equal(certificates.length, 1)
    const [{ pem, serial_no, effective_time, expire_time, encrypt_certificate }] = certificates
    const { algorithm, associated_data, nonce } = encrypt_certificate
    assert.deepEqual([algorithm, associated_data, nonce.length], ['AEAD_AES_256_GCM', 'certificate', 12])
    const certificate = new X509Certificate(pem)
    assert.equal(certificate.serialNumber, serial_no)
    assert.equal(Date.parse(certificate.validFrom), Date.parse(effective_time))
    assert.equal(Date.parse(certificate.validTo), Date.parse(expire_time))
    assert.match(effective_time, /\+08:00$/)
    assert.equal(reply.headers['wechatpay-serial'], serial_no)
    assert.ok(isSigned(reply, [{ certificate: pem }]))
    assert.equal(sandbox.wechat.platformKeys.find(key => key.certificate).certificate, pem)
  }))

test('the algorithm can be named', () =>
  withSandbox({}, async sandbox => {
    for (const [algorithm, status, code] of [
      ['RSA', 200],
      ['ALL', 200],
      ['SM2', 404, 'RESOURCE_NOT_EXISTS'],
      ['DSA', 400, 'PARAM_ERROR'],
    ]) {
      const reply = await get(sandbox, `/v3/certificates?algorithm_type=${algorithm}`)
      assert.deepEqual([reply.status, reply.json.code], [status, code])
    }
  }))

test('a rotation adds a certificate, and both are good', () =>
  withSandbox({ platform: 'certificate' }, async sandbox => {
    const old = certificateOf(sandbox)
    assert.deepEqual(sandbox.wechat.platformKeys.length, 1)
    const { serialNo, certificate } = await sandbox.rotateCertificate()
    assert.deepEqual(
      (await list(sandbox)).certificates.map(entry => entry.serial_no),
      [old.serialNumber, serialNo],
    )
    assert.deepEqual(sandbox.wechat.platformKeys.at(-1), { certificate })
    const reply = await create(sandbox, named(batchOf('rotation1', [100]), old.publicKey), { serial: old.serialNumber })
    assert.equal(reply.status, 200)
    assert.equal(reply.headers['wechatpay-serial'], serialNo, 'the new one signs')
    assert.ok(isSigned(reply, [{ certificate }]))
    const { publicKey } = new X509Certificate(certificate)
    assert.equal(
      (await create(sandbox, named(batchOf('rotation2', [100]), publicKey), { serial: serialNo })).status,
      200,
    )
  }))

test('with public keys only there are no certificates', () =>
  withSandbox({ platform: 'public-key' }, async sandbox => {
    const { status, json } = await get(sandbox, '/v3/certificates')
    assert.deepEqual([status, json.code], [404, 'RESOURCE_NOT_EXISTS'])
    assert.deepEqual(
      sandbox.wechat.platformKeys.map(key => Object.keys(key)),
      [['id', 'publicKey']],
    )
    assert.match(publicKeyOf(sandbox).id, /^PUB_KEY_ID_01\d{26}$/)
    await assert.rejects(sandbox.rotateCertificate(), TypeError)
    assert.equal((await create(sandbox, batchOf('publickey'), { serial: undefined })).status, 200)
  }))

test('before the switch, replies stay signed with a certificate although the request names a public key', () =>
  withSandbox({ platform: 'certificate' }, async sandbox => {
    const reply = await create(sandbox, batchOf('before'), { serial: 'PUB_KEY_ID_0000000000000000000000000000' })
    assert.equal(reply.status, 200)
    assert.equal(reply.headers['wechatpay-serial'], certificateOf(sandbox).serialNumber)
  }))
