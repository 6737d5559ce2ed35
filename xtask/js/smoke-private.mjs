// Loads a freshly built module for private keys and uses it once, as smoke.mjs does with the core.
// Usage: node smoke-private.mjs FOLDER, where FOLDER holds private.js and private_bg.wasm.

import assert from 'node:assert/strict'
import { generateKeyPairSync, publicEncrypt, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = resolve(process.argv[2])
const { initSync, PrivateOperations } = await import(pathToFileURL(`${folder}/private.js`).href)
initSync({ module: readFileSync(`${folder}/private_bg.wasm`) })

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const message = new TextEncoder().encode('GET\n/v3/certificates\n1700000000\nnonce\n\n')
const key = PrivateOperations.parse(privateKey.export({ type: 'pkcs8', format: 'der' }))
assert.ok(verify('sha256', message, publicKey, key.sign(message)), 'node:crypto refuses the signature')
const sealed = publicEncrypt({ key: publicKey, oaepHash: 'sha1' }, message)
assert.deepEqual(key.decrypt(sealed), message)

// A failure has to arrive as an Error with a code: that path crosses the boundary in the other direction.
assert.throws(
  () => PrivateOperations.parse(new Uint8Array(8)),
  error => error instanceof Error && /^ERR_KEY_/.test(error.code),
)
