// What the READMEs say is tried: their examples run against the sandbox, their commands exist, their links lead somewhere.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'pkg/README.md', 'tests/README.md']
const read = name => readFileSync(join(root, name), 'utf8')
const blocks = (name, language) =>
  [...read(name).matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter(([, found]) => found === language)
    .map(([, , code]) => code)

// Inside the repository, so that the examples find the package by its name.
mkdirSync(join(root, 'target'), { recursive: true })
const scratch = mkdtempSync(join(root, 'target', 'readme-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const prelude = pathToFileURL(join(root, 'tests/readme/prelude.mjs')).href

/** Runs an example as a program of its own, with `check` after it; resolves to what it printed. */
function run(name, code, check) {
  const file = join(scratch, `${name}.mjs`)
  writeFileSync(file, `${code}\n;{\n${check}\n}\nawait surroundings.sandbox.close()\n`)
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', prelude, file], { cwd: scratch })
    let output = ''
    child.stdout.on('data', chunk => (output += chunk))
    child.stderr.on('data', chunk => (output += chunk))
    child.on('error', reject)
    child.on('close', exit => (exit === 0 ? resolve(output) : reject(new Error(`the example fails:\n${output}`))))
  })
}

const assertion = `const assert = (await import('node:assert/strict')).default\n`
/** The example's own numbers are invented; the sandbox knows only its own. */
const withCredentials = code =>
  code
    .replace(/mchid: '\d+'/, 'mchid: surroundings.credentials.mchid')
    .replace(/serialNo: '[0-9A-F]+'/, 'serialNo: surroundings.credentials.serialNo')
    .replace(/process\.env\.\w*APIV3\w*/, 'surroundings.credentials.apiV3Key')
    .replace(/id: 'PUB_KEY_ID_[^']*'/, 'id: surroundings.credentials.keyId')
    .replace(/appid: '\w+'/, 'appid: surroundings.credentials.appid')
    .replace("await readFile('apiclient_key.pem', 'utf8')", 'privateKey')
    .replace("await readFile('pub_key.pem', 'utf8')", 'pem')
    .replace("'payouts.csv'", JSON.stringify(join(root, 'tests/data/payouts-3000.csv')))

test('the complete payout, the notification handler and the signed request of README.md work as printed', async () => {
  const [payout, ...others] = blocks('README.md', 'js')
  assert.match(payout, /readSheet/)
  const notifications = others.find(block => block.includes('wechat.notification('))
  const signing = others.find(block => block.includes('wechat.sign('))
  const check = `${assertion}
    assert.deepEqual(sheet.issues.filter(issue => issue.severity === 'error'), [])
    assert.equal(surroundings.stored.size, 3)
    assert.equal(surroundings.sandbox.ledger().length, 3000)
    assert.equal(response.status, 404, 'the sandbox has no balance to query, but the request was let in')
    const handler = surroundings.handlers.get('/wechat/notify')
    const answer = async message => {
      const response = { status: code => ((response.code = code), response), end() {}, json() {} }
      await handler(message, response)
      return response.code
    }
    const message = await surroundings.receive()
    assert.equal(await answer(message), 204)
    assert.equal(surroundings.remembered[0][2].out_batch_no, 'notified1')
    message.body[message.body.length - 2] ^= 1
    assert.equal(await answer(message), 401)
    assert.equal(surroundings.remembered.length, 1)`
  const output = await run('payout', withCredentials(`${payout}\n${notifications}\n${signing}`), check)
  assert.equal(output.match(/accepted/g)?.length, 3, output)
  assert.equal(output.match(/SUCCESS/g)?.length, 996, 'the first batch is settled, payee by payee')
})

test('the sheets of README.md are checked, approved and sealed as printed', async () => {
  const code = blocks('README.md', 'js').find(block => block.includes('prepareSheet'))
  const onServer = blocks('README.md', 'js').find(block => block.includes('payouts.sealed.json'))
  const panelFile = join(scratch, 'payouts.sealed.json')
  // What the panel does, with the package: the page itself is tested in tests/panel.
  const onPanel = `
    const { rows: named } = await readSheet(file, { target: 'wechat-batch' })
    for (const row of named) row.user_name = (await wechat.encrypt(row.user_name)).ciphertext
    const wechatpaySerialOfPanel = surroundings.credentials.keyId
    const hashOfPanel = wechat.transferBatches.approvalHash({ transfer_detail_list: named }, { sealedFor: wechatpaySerialOfPanel })
    const written = { rows: named, wechatpaySerial: wechatpaySerialOfPanel, sealedHash: hashOfPanel }
    ;(await import('node:fs')).writeFileSync(${JSON.stringify(panelFile)}, JSON.stringify(written))
    head.out_batch_no = 'panel202611'
  `
  const output = await run(
    'sheets',
    withCredentials(`${code}\n${onPanel}\n${onServer}`).replace("'payouts.sealed.json'", JSON.stringify(panelFile)),
    `${assertion}
    const numbers = [...surroundings.stored.keys()]
    const parts = number => ['001', '002', '003'].map(part => number + part)
    assert.deepEqual(numbers, ['corrected.csv', ...parts('bonus202611'), ...parts('panel202611')])
    const other = { ...head, out_batch_no: 'other202611' }
    await assert.rejects(wechat.transferBatches.prepareSheet(file, other, { approved: '0'.repeat(64) }), { code: 'ERR_NOT_APPROVED' })
    const { issues } = await readSheet(surroundings.stored.get('corrected.csv'), { target: 'wechat-batch' })
    assert.ok(issues.every(issue => !issue.fix))`,
  )
  assert.match(output, /^true 3000 201934662 [0-9a-f]{64}$/m)
})

test('the Ping++ payout of README.md works as printed, the handler of its events too', async () => {
  const code = blocks('README.md', 'js').find(block => block.includes('new Pingpp({'))
  const credentials = code
    .replace('process.env.PINGPP_API_KEY', 'surroundings.sandbox.pingpp.apiKey')
    .replace("await readFile('merchant_key.pem', 'utf8')", 'surroundings.sandbox.pingpp.privateKey')
    .replace("await readFile('pingpp_public_key.pem', 'utf8')", 'surroundings.sandbox.pingpp.platformPublicKey')
  const check = `${assertion}
    assert.equal(surroundings.stored.size, 1)
    assert.deepEqual(surroundings.sandbox.ledger().map(({ number, state }) => [number, state]), [
      ['20261122salary01a', 'paid'],
      ['20261122salary01b', 'paid'],
    ])
    const { createServer } = await import('node:http')
    const answers = []
    const server = createServer(async (request, outgoing) => {
      const chunks = []
      for await (const chunk of request) chunks.push(chunk)
      const message = { headers: request.headers, body: Buffer.concat(chunks) }
      const answer = { status: code => ((answer.code = code), answer), end() {} }
      const handler = surroundings.handlers.get('/pingpp/events')
      await handler({ ...message, body: Buffer.concat([message.body, Buffer.from(' ')]) }, answer)
      answers.push(answer.code)
      await handler(message, answer)
      answers.push(answer.code)
      outgoing.writeHead(answer.code).end()
    })
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
    surroundings.sandbox.webhook(\`http://127.0.0.1:\${server.address().port}/\`)
    for (const [index, recipient] of batch.recipients.entries()) recipient.order_no = 'again' + index
    await pingpp.batchTransfers.create({ ...batch, batch_no: '20261122salary02' })
    await surroundings.sandbox.advance(60)
    server.close()
    assert.deepEqual(answers, [401, 200])
    assert.deepEqual(surroundings.remembered.map(([, type, { batch_no }]) => [type, batch_no]), [
      ['batch_transfer.succeeded', '20261122salary02'],
    ])`
  const output = await run('pingpp', credentials, check)
  assert.equal(output, 'succeeded\n20261122salary01a paid null\n20261122salary01b paid null\n')
})

test('the sheet of Ping++ in README.md becomes batches as printed', async () => {
  const code = blocks('README.md', 'js').find(block => block.includes('pingpp.batchTransfers.prepareSheet'))
  const credentials = 'const { app: appId, apiKey, privateKey, platformPublicKey } = surroundings.sandbox.pingpp\n'
  const rows = Array.from({ length: 700 }, (_, row) => `A${row},a${row}@alipay.com,张三,1.5\n`)
  writeFileSync(join(scratch, 'payouts.xlsx'), `订单号,账户,姓名,金额(元)\n${rows.join('')}`)
  const output = await run(
    'pingpp-sheet',
    code.replace('const pingpp', `${credentials}const pingpp`),
    `${assertion}
    const sealed = [...surroundings.stored.values()].map(text => JSON.parse(text).sealed)
    assert.deepEqual(sealed.map(({ number, count }) => [number, count]), [['20261122bonus001', 500], ['20261122bonus002', 200]])
    assert.equal((await pingpp.batchTransfers.create((await import('payseal')).SealedRequest.from(sealed[1]))).outcome, 'accepted')`,
  )
  assert.match(output, /^true [0-9a-f]{64}$/m)
})

test('the sandbox example of README.md works as printed', async () => {
  const code = blocks('README.md', 'js').find(block => block.includes('startSandbox'))
  assert.ok(code)
  await run('sandbox', code.includes("from 'payseal'\n") ? code : `import { WechatPay } from 'payseal'\n${code}`, '')
})

test('the example of the package README works as printed', async () => {
  const [code] = blocks('pkg/README.md', 'js')
  const output = await run('package', withCredentials(code), `console.log(report.ok, outcome.outcome)`)
  assert.equal(output, 'true accepted\n')
})

test('every cargo xtask command that is written down exists', () => {
  // To standard error goes what cargo says; the usage goes to standard output.
  const usage = execFileSync('cargo', ['xtask', 'help'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const verbs = new Set([...usage.matchAll(/^ {2}(\w+)/gm)].map(([, verb]) => verb))
  assert.ok(verbs.has('demo') && verbs.has('test'))
  for (const name of documents) {
    for (const [, verb] of read(name).matchAll(/cargo xtask ([\w-]+)/g))
      assert.ok(verbs.has(verb), `${name}: cargo xtask ${verb}`)
  }
  const [first] = blocks('README.md', 'sh')
  assert.match(first, /cargo xtask demo.*\n.*cargo xtask test/, 'README.md begins with the two commands')
})

test('every file that a document names or links to exists', () => {
  for (const name of documents) {
    const text = read(name)
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => join(dirname(name), path))
    const ran = [...text.matchAll(/(?:bash|node(?: --test)?) ((?:\.?\w[\w.-]*\/)+[\w.-]*)/g)].map(([, path]) => path)
    for (const path of [...linked, ...ran]) assert.ok(existsSync(join(root, path)), `${name}: ${path}`)
  }
})

test('the error codes, rules and versions in the documents are the real ones', () => {
  const known = new Map(JSON.parse(read('tests/vectors/errors.json')).codes.map(entry => [entry.code, entry.class]))
  for (const name of documents) {
    for (const [code] of read(name).matchAll(/\bERR_[A-Z0-9_]+[A-Z0-9]\b/g))
      assert.ok(known.has(code), `${name}: ${code}`)
  }
  for (const [, group, examples] of read('README.md').matchAll(/^\| `(\w+Error)`\s*\|[^|]*\|([^|]*)\|/gm)) {
    for (const [code] of examples.matchAll(/ERR_[A-Z0-9_]+/g)) assert.equal(known.get(code), group, code)
  }
  const { engines } = JSON.parse(read('pkg/package.json'))
  for (const name of ['README.md', 'CONTRIBUTING.md']) {
    for (const [, version] of read(name).matchAll(/Node (?:≥ )?(\d+\.\d+) or newer/g))
      assert.equal(`>=${version}`, engines.node)
  }
  assert.match(read('xtask/src/tools.rs'), new RegExp(`NODE: .* = \\(${engines.node.slice(2).replace('.', ', ')}\\);`))
  const pinned = read('Cargo.toml').match(/rsa = \{ version = "(=[^"]+)"/)[1]
  assert.ok(read('SECURITY.md').includes(`rsa = "${pinned}"`), `SECURITY.md speaks of rsa ${pinned}`)
})
