/** Who serves the panel, and with which headers. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startSandbox } from 'payseal/sandbox'

const policy = /^default-src 'self'; script-src 'self' 'wasm-unsafe-eval'(;|$)/

test('the sandbox serves the panel beside the providers', async context => {
  const sandbox = await startSandbox()
  context.after(() => sandbox.close())
  const get = (path, options) => fetch(`${sandbox.url}${path}`, { redirect: 'manual', ...options })
  const bare = await get('/panel')
  assert.deepEqual([bare.status, bare.headers.get('location')], [302, '/panel/'])
  const page = await get('/panel/')
  assert.equal(page.status, 200)
  assert.match(page.headers.get('content-security-policy'), policy)
  const html = await page.text()
  assert.ok(!/<style|style=|<script(?![^>]*src=)/.test(html))
  for (const [, path] of html.matchAll(/(?:src|href)="\.\/([^"]+)"/g))
    assert.equal((await get(`/panel/${path}`)).status, 200)
  for (const path of [
    '/panel/none',
    '/panel/../package.json',
    '/panel/%2e%2e/package.json',
    '/panel//etc/passwd',
    '/other',
    '/',
  ]) {
    assert.equal((await get(path)).status, 404, path)
  }
  assert.equal((await get('/panel/', { method: 'POST' })).status, 404)
  const head = await get('/panel/', { method: 'HEAD' })
  assert.deepEqual([head.status, await head.text()], [200, ''])
})

test('a folder without a panel is an error when it was asked for', async () => {
  await assert.rejects(startSandbox({ panel: fileURLToPath(new URL('.', import.meta.url)) }), /index\.html/)
})

test('the verb prints the address, and says what is wrong with a port', async () => {
  const script = fileURLToPath(new URL('../../xtask/js/panel.mjs', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  const [address] = /http:\/\/127\.0\.0\.1:\d+\/panel\//.exec(line.toString())
  assert.equal((await fetch(address)).status, 200)
  child.kill()
  await once(child, 'exit')
  for (const port of ['x', '70000']) {
    const refused = spawn(process.execPath, [script, '--port', port], { stdio: 'ignore' })
    assert.deepEqual(await once(refused, 'exit'), [2, null])
  }
})
