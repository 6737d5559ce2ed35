/** Validating, splitting and sealing batches, and reading sheets. No network. */
import { batch, bytes, check, client, der, equal, fromBase64, refused, sha256, withDetail } from './kit.mjs'

function found(t, input, options) {
  const report = client(t, options).transferBatches.validate(input)
  const said = JSON.stringify(report)
  for (const secret of t.secrets) check(!said.includes(secret), 'an issue quotes a value')
  equal(report.ok, !report.issues.some(issue => issue.severity === 'error'), 'ok')
  return report
}

function has(report, code, field, row) {
  const hit = report.issues.find(issue => issue.code === code && issue.field === field && issue.row === row)
  check(hit, `no ${code} on ${field} in row ${row}: ${JSON.stringify(report.issues.slice(0, 5))}`)
  check(hit.messages.zh && hit.messages.en && hit.path.startsWith('/'), `${code} lacks messages or path`)
  return hit
}

const amounts = {
  text: ['200', 'amount-is-text'],
  'a float': [1.5, 'amount-not-integer'],
  negative: [-100, 'amount-negative'],
  zero: [0, 'amount-zero'],
  'above 2^53': [2 ** 53, 'amount-too-large'],
  'a BigInt above 2^53': [2n ** 64n, 'amount-too-large'],
  'in e-notation': [1e21, undefined],
  'not a number': [Number.NaN, undefined],
  missing: [undefined, 'missing'],
  'an object': [{}, undefined],
}

const texts = {
  'an emoji': ['稿费🎉', 'astral'],
  'a control character': ['稿\u0007费', 'control-character'],
  'a line break': ['稿\n费', 'control-character'],
  'a lone surrogate': ['稿\ud83d费', 'lone-surrogate'],
  'a lone low surrogate': ['\udf89稿费', 'lone-surrogate'],
}

/** `商家明细单号,openid,姓名,金额(元),备注` and one payee, in GBK. */
const inGbk =
  'c9ccbcd2c3f7cfb8b5a5bac52c6f70656e69642cd0d5c3fb2cbdf0b6ee28d4aa292cb1b8d7a20a6430303030312c6f4162632cc1d6d0a1c2fa2c312e32302cb8e5b7d10a'

export const cases = {
  'a valid batch has no error, its count and its total'(t) {
    const made = batch(5)
    const report = found(t, made)
    equal([report.ok, report.count, report.total], [true, 5, made.total_amount])
  },

  'an amount that is no whole number of fen is refused, with its row'(t) {
    for (const [what, [amount, reason]] of Object.entries(amounts)) {
      const report = found(t, withDetail({ transfer_amount: amount }))
      const hit = has(report, 'V09', 'transfer_amount', 2)
      if (reason) equal(hit.reason, reason, what)
      check(!report.ok, `${what} passes`)
    }
    check(
      found(t, withDetail({ transfer_amount: 200n, total_amount: 300 })).issues.every(
        i => i.field !== 'transfer_amount',
      ),
      'BigInt',
    )
  },

  'emoji, control characters and halves of characters are refused'(t) {
    for (const [what, [text, reason]] of Object.entries(texts)) {
      for (const field of ['transfer_remark', 'user_name']) {
        const report = found(t, withDetail({ [field]: text }))
        equal(has(report, 'V17', field, 2).reason, reason, `${what} in ${field}`)
      }
      equal(has(found(t, batch(1, { batch_name: text })), 'V17', 'batch_name', undefined).reason, reason, what)
    }
  },

  'an empty list and 3,001 rows are refused'(t) {
    const empty = has(found(t, batch(0)), 'V06', 'transfer_detail_list', undefined)
    equal(empty.reason, 'empty')
    const many = has(found(t, batch(3001)), 'V06', 'transfer_detail_list', undefined)
    equal([many.reason, many.limit], ['too-many', 1000])
    check(!found(t, batch(3001), { limits: { maxDetails: 3000 } }).ok, '3,001 pass under 3000')
    check(found(t, batch(3000), { limits: { maxDetails: 3000 } }).ok, '3,000 fail under 3000')
  },

  'totals that do not add up are refused'(t) {
    has(found(t, { ...batch(3), total_num: 4 }), 'V07', 'total_num', undefined)
    has(found(t, { ...batch(3), total_amount: 1 }), 'V08', 'total_amount', undefined)
  },

  'every issue comes in one pass, in row order, in both languages'(t) {
    const made = batch(4, { appid: '', out_batch_no: 'a-b' })
    made.transfer_detail_list[1].transfer_amount = '1'
    made.transfer_detail_list[1].openid = 'a b'
    made.transfer_detail_list[3].out_detail_no = made.transfer_detail_list[0].out_detail_no
    const { issues } = found(t, made)
    const rows = issues.map(issue => issue.row ?? 0)
    equal(
      rows,
      [...rows].sort((a, b) => a - b),
      'order',
    )
    for (const code of ['V01', 'V02', 'V09', 'V15', 'V04'])
      check(
        issues.some(issue => issue.code === code),
        `${code} is missing`,
      )
    const english = found(t, made, { locale: 'en' }).issues
    equal(
      english.map(issue => issue.messages.en),
      english.map(issue => issue.message),
    )
    equal(
      issues.map(issue => issue.messages.zh),
      issues.map(issue => issue.message),
    )
  },

  'names follow the amounts, and are given by all or none'(t) {
    has(found(t, withDetail({ transfer_amount: 29 })), 'V12', 'user_name', 2)
    has(found(t, withDetail({ transfer_amount: 200_000, user_name: undefined })), 'V13', 'user_name', 2)
    check(
      found(t, withDetail({ user_name: undefined })).issues.some(issue => issue.code === 'V14'),
      'V14',
    )
    has(found(t, withDetail({ transfer_amount: 9 })), 'V10', 'transfer_amount', 2)
    has(
      found(t, withDetail({ transfer_amount: 9, user_name: undefined }), { limits: { minAmount: 5 } }),
      'V14',
      'user_name',
      2,
    )
  },

  async 'input that is no batch at all is an error, not a crash'(t) {
    const { transferBatches } = client(t)
    const cycle = batch(1)
    cycle.transfer_detail_list.push(cycle)
    await refused(t, 'ERR_BODY_FORMAT', () => transferBatches.validate(cycle))
    await refused(t, 'ERR_BODY_FORMAT', () => transferBatches.prepare(cycle))
    await refused(t, 'ERR_BODY_FORMAT', () => transferBatches.validate(undefined))
    for (const wrong of [
      null,
      [],
      7,
      '',
      '{',
      'null',
      { transfer_detail_list: 'x' },
      { transfer_detail_list: [null, 1, 'x', []] },
    ]) {
      check(!transferBatches.validate(wrong).ok, `${JSON.stringify(wrong)} passes`)
      await refused(t, 'ERR_BATCH_INVALID', () => transferBatches.prepare(wrong), JSON.stringify(wrong))
    }
  },

  async 'a batch with errors is not prepared, and the error carries every issue'(t) {
    const wrong = withDetail({ transfer_amount: '7', openid: '' })
    const error = await refused(t, 'ERR_BATCH_INVALID', () => client(t).transferBatches.prepare(wrong))
    check(error instanceof t.payseal.BatchError, 'class')
    equal(error.issues, client(t).transferBatches.validate(wrong).issues)
  },

  async 'a batch of 3,001 splits into four that are valid, with every row once'(t) {
    const { transferBatches } = client(t)
    const made = batch(3001)
    const parts = transferBatches.split(made)
    equal(
      parts.map(part => part.total_num),
      [1000, 1000, 1000, 1],
    )
    equal(
      parts.reduce((sum, part) => sum + part.total_amount, 0),
      made.total_amount,
    )
    equal(new Set(parts.map(part => part.out_batch_no)).size, 4)
    for (const part of parts) check(transferBatches.validate(part).ok, 'a part is not valid')
    const numbers = parts.flatMap(part => part.transfer_detail_list.map(detail => detail.out_detail_no))
    equal(new Set(numbers).size, 3001)
    equal(parts, transferBatches.split(made), 'splitting again gives other batches')
    equal(transferBatches.split(made, { size: 700 }).length, 5)
    for (const size of [0, 1001, -1, 1.5]) await refused(t, 'ERR_OPTIONS', () => transferBatches.split(made, { size }))
  },

  async 'rows with and without a name go into separate batches'(t) {
    const made = batch(6)
    for (const index of [1, 4])
      Object.assign(made.transfer_detail_list[index], { user_name: undefined, transfer_amount: 20 })
    made.total_amount = made.transfer_detail_list.reduce((sum, detail) => sum + detail.transfer_amount, 0)
    const parts = client(t).transferBatches.split(made)
    equal(parts.map(part => part.total_num).sort(), [2, 4])
    for (const part of parts) check(client(t).transferBatches.validate(part).ok, 'a part is not valid')
  },

  async 'preparing seals every name, names the key and leaves the caller’s object alone'(t) {
    const { judge } = t.credentials
    const made = batch(3)
    const before = JSON.stringify(made)
    const sealed = await client(t).transferBatches.prepare(made)
    equal(JSON.stringify(made), before, 'the caller’s object')
    equal(
      [sealed.number, sealed.count, sealed.total, sealed.serial],
      [made.out_batch_no, 3, made.total_amount, judge.id],
    )
    equal([sealed.method, sealed.path, sealed.operation], ['POST', '/v3/transfer/batches', 'wechat.transfer-batch'])
    equal(sealed.digest, await sha256(sealed.body))
    const { body: twice } = sealed
    check(sealed.body === twice, 'the same bytes each time')
    const body = JSON.parse(new TextDecoder().decode(sealed.body))
    const oaep = { name: 'RSA-OAEP', hash: 'SHA-1' }
    const key = await crypto.subtle.importKey('pkcs8', fromBase64(judge.privateKey), oaep, false, ['decrypt'])
    for (const [index, detail] of body.transfer_detail_list.entries()) {
      const name = new TextDecoder().decode(await crypto.subtle.decrypt(oaep.name, key, fromBase64(detail.user_name)))
      equal({ ...detail, user_name: name }, made.transfer_detail_list[index])
    }
  },

  async 'the fingerprint is of the content, the digest of the bytes'(t) {
    const { transferBatches } = client(t)
    const made = batch(2)
    const [one, two] = [await transferBatches.prepare(made), await transferBatches.prepare(structuredClone(made))]
    equal(one.fingerprint, two.fingerprint)
    check(one.digest !== two.digest, 'sealing is randomised')
    made.transfer_detail_list[0].user_name = '吴一凡'
    check((await transferBatches.prepare(made)).fingerprint !== one.fingerprint, 'a changed name keeps the fingerprint')
  },

  async 'names without a key to seal them for are refused; without names no key is needed'(t) {
    const keyless = client(t, { platformKeys: [] }).transferBatches
    await refused(t, 'ERR_PLATFORM_KEY_MISSING', () => keyless.prepare(batch(2)))
    const nameless = batch(2)
    for (const detail of nameless.transfer_detail_list) delete detail.user_name
    equal((await keyless.prepare(nameless)).serial, null)
  },

  async 'a sealed request survives its journal, and refuses to have been changed'(t) {
    const { SealedRequest } = t.payseal
    const sealed = await client(t).transferBatches.prepare(batch(2))
    const stored = JSON.stringify(sealed)
    const again = SealedRequest.from(JSON.parse(stored))
    equal(JSON.stringify(again), stored)
    equal(Array.from(SealedRequest.from(stored).body), Array.from(sealed.body))
    const edit = changes => SealedRequest.from({ ...JSON.parse(stored), ...changes })
    const other = await client(t).transferBatches.prepare(batch(2))
    for (const changes of [
      { body: other.toJSON().body },
      { digest: '0'.repeat(64) },
      { number: 'x1' },
      { count: 3 },
      { total: 1 },
    ]) {
      await refused(t, 'ERR_SEALED_CHANGED', () => edit(changes), Object.keys(changes)[0])
    }
    for (const changes of [
      { version: 2 },
      { body: '!' },
      { body: undefined },
      { path: '/v3/x' },
      { method: 'GET' },
      { count: '2' },
    ]) {
      await refused(t, 'ERR_SEALED_FORMAT', () => edit(changes), JSON.stringify(changes))
    }
    for (const wrong of ['', '{', 'null', null, undefined, [], 7])
      await refused(t, 'ERR_SEALED_FORMAT', () => SealedRequest.from(wrong))
  },

  async 'a sheet gives rows and issues by cell; a file that is none says so'(t) {
    const header = '商家明细单号,openid,收款用户姓名,转账金额(元),备注\n'
    const good = await t.readSheet(bytes(`\ufeff${header}d00001,oAbc,林小满,1.20,稿费\n`), { target: 'wechat-batch' })
    equal([good.count, good.total, good.issues.length, good.rows[0].transfer_amount], [1, 120, 0, 120])
    const bad = await t.readSheet(bytes(`${header}d00001,oAbc,林小满,一元,稿费\n`), {
      target: 'wechat-batch',
      locale: 'en',
    })
    equal(
      bad.issues.map(({ code, row, column }) => [code, row, column]),
      [['V09', 2, 'D']],
    )
    // GBK needs the module for files, which each host loads in its own way.
    const gbk = await t.readSheet(
      Uint8Array.from(inGbk.match(/../g), pair => Number.parseInt(pair, 16)),
      {
        target: 'wechat-batch',
      },
    )
    equal([gbk.encoding, gbk.rows], ['gb18030', good.rows])
    check(!JSON.stringify(bad.issues).includes('一元'), 'an issue quotes a cell')
    await refused(t, 'ERR_SHEET_FORMAT', () => t.readSheet(bytes(''), { target: 'wechat-batch' }))
    await refused(t, 'ERR_SHEET_FORMAT', () => t.readSheet(bytes('PK\u0003\u0004'), { target: 'wechat-batch' }))
    await refused(t, 'ERR_SHEET_FORMAT', () => t.readSheet('text', { target: 'wechat-batch' }))
    await refused(t, 'ERR_SHEET_COLUMNS', () => t.readSheet(bytes('a,b\n1,2\n'), { target: 'wechat-batch' }))
    await refused(t, 'ERR_OPTIONS', () => t.readSheet(bytes(header), { target: 'elsewhere' }))
    check(der(t.credentials.wechat.privateKey).length > 0, 'kit')
  },
}
