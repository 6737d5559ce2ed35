import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { core } from '../../pkg/dist/core.js'
import {
  BatchError,
  CipherError,
  KeyError,
  PayoutError,
  SignatureError,
  TransportError,
} from '../../pkg/dist/entry/node.js'
import { errorClasses, failure } from '../../pkg/dist/errors.js'
import { vectors } from './fixture.mjs'

const { codes } = vectors('errors')
const classes = { BatchError, CipherError, KeyError, PayoutError, SignatureError, TransportError }

test('every code is listed once in errors.json, with its class', () => {
  const listed = Object.fromEntries(codes.map(({ code, class: name }) => [code, name]))
  assert.equal(Object.keys(listed).length, codes.length, 'a code is listed twice')
  assert.deepEqual({ ...errorClasses }, listed)
})

test('the core can throw the codes that are marked as its own, and no others', () => {
  assert.deepEqual(
    core.errorCodes().sort(),
    codes
      .filter(({ from }) => from === 'core')
      .map(({ code }) => code)
      .sort(),
  )
})

test('every code becomes its class, with a name, a code and no secrets of its own', () => {
  for (const { code, class: name } of codes) {
    if (name === 'ProviderError') continue
    const error = failure(code, 'a sentence')
    assert.equal(error.constructor, classes[name])
    assert.ok(error instanceof PayoutError && error instanceof Error)
    assert.deepEqual([error.name, error.code, error.message], [name, code, 'a sentence'])
    assert.equal(`${error}`, `${name}: a sentence`)
    assert.equal(JSON.parse(JSON.stringify(error)).code, code)
  }
})

test('every code that the source throws is in the table', () => {
  const thrown = new Set()
  const sources = new URL('../../pkg/src/', import.meta.url)
  for (const name of readdirSync(sources, { recursive: true })) {
    // The table itself, and the sandbox, which throws nothing of ours.
    if (!name.endsWith('.ts') || name === 'errors.ts' || name.startsWith('sandbox')) continue
    for (const [, code] of readFileSync(new URL(name, sources), 'utf8').matchAll(/'(ERR_[A-Z0-9_]+)'/g))
      thrown.add(code)
  }
  for (const code of thrown) assert.ok(code in errorClasses, code)
  for (const { code, from } of codes) if (from === 'shim') assert.ok(thrown.has(code), `${code} is never thrown`)
})
