// Loads a freshly built module and uses it once: a module that wasm-opt broke still leaves exit code 0.
// Usage: node smoke.mjs FOLDER, where FOLDER holds core.js and core_bg.wasm.

import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'

const folder = resolve(process.argv[2])
const core = await import(pathToFileURL(`${folder}/core.js`).href)
const module = readFileSync(`${folder}/core_bg.wasm`)
// Node 20 knows relaxed SIMD, but not by default.
if (!WebAssembly.validate(module)) setFlagsFromString('--experimental-wasm-relaxed-simd')
core.initSync({ module })

assert.match(core.randomNonce(), /^[0-9A-Za-z]{32}$/)

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const key = core.PrivateKey.parse(new TextEncoder().encode(privateKey.export({ type: 'pkcs8', format: 'pem' })))
assert.ok(createPrivateKey({ key: Buffer.from(key.pkcs8()), format: 'der', type: 'pkcs8' }).equals(privateKey))

// Sealing goes through the SIMD kernel, which differs between the two modules.
const texts = ['one', 'two', 'three'].map(text => new TextEncoder().encode(text))
const lengths = Uint32Array.from(texts, text => text.length)
const sealing = core.PublicKey.parse(new TextEncoder().encode(publicKey.export({ type: 'spki', format: 'pem' })))
const sealed = sealing.encrypt(Buffer.concat(texts), lengths)
texts.forEach((text, index) => {
  const ciphertext = sealed.subarray(256 * index, 256 * (index + 1))
  assert.deepEqual(new Uint8Array(privateDecrypt({ key: privateKey, oaepHash: 'sha1' }, ciphertext)), text)
})

// A failure has to arrive as an Error with a code: that path crosses the boundary in the other direction.
assert.throws(
  () => core.PrivateKey.parse(new Uint8Array(8)),
  error => error instanceof Error && /^ERR_KEY_/.test(error.code),
)
