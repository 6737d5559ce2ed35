// Pays everybody in a CSV file through the sandbox and settles it: `cargo xtask demo [wechat] [FILE]`.
// Exits with 0 only when every sum adds up and every check below holds.

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { WechatPay } from 'payseal'
import { startSandbox } from 'payseal/sandbox'
import { readSheet } from 'payseal/sheet'
import { grouped, stage } from './progress.mjs'
import { listen, locale, run, showChecks, showFailures, showIssues, sum, summary, yuan } from './tables.mjs'

const batchSize = 1000
/** This merchant's range is wider than the default of 200 yuan, so 5,000 yuan are no reason for a warning. */
const limits = { maxAmount: 500_000 }

async function main([provider, file]) {
  if (provider !== 'wechat' || !file) throw new Error('usage: node demo.mjs wechat FILE')
  const sheet = await readSheet(readFileSync(file), { target: 'wechat-batch', locale, limits })
  console.log(`${basename(file)}: ${grouped(sheet.count)} payees, ${yuan(sheet.total)} yuan, ${sheet.encoding}`)
  if (sheet.issues.length > 0) showIssues(sheet.issues)
  if (sheet.issues.some(issue => issue.severity === 'error')) return false

  const sandbox = await startSandbox({ port: 0 })
  const wechat = new WechatPay({ ...sandbox.wechat, limits: { ...sandbox.wechat.limits, ...limits }, locale })
  const receiver = await listen('/notifications', incoming => wechat.notification(incoming))
  try {
    console.log(`sandbox at ${sandbox.url}, notifications to ${receiver.url}\n`)
    const batches = await pay(wechat, sandbox, frame(sandbox, sheet, receiver.url))
    const results = await settle(wechat, batches)
    return report({ sheet, batches, results, notifications: receiver.received, ledger: sandbox.ledger() })
  } finally {
    await receiver.close()
    await sandbox.close()
  }
}

/** One batch of everybody, however many; `split` makes it what the provider takes. */
function frame(sandbox, sheet, notifyUrl) {
  return {
    appid: sandbox.wechat.appid,
    out_batch_no: `DEMO${Date.now().toString(36).toUpperCase()}`,
    batch_name: '2026年11月结算',
    batch_remark: '2026年11月结算',
    total_amount: sheet.total,
    total_num: sheet.count,
    transfer_scene_id: '1005',
    notify_url: notifyUrl,
    transfer_detail_list: sheet.rows,
  }
}

async function pay(wechat, sandbox, everybody) {
  const batches = wechat.transferBatches
    .split(everybody, { size: batchSize })
    .map(batch => ({ batch, outcome: 'unknown' }))
  for (const { batch } of batches) {
    const { ok, issues } = wechat.transferBatches.validate(batch)
    if (issues.length > 0) showIssues(issues)
    if (!ok) throw new Error('a batch breaks the rules of the provider')
  }
  const sealing = stage('seal', everybody.total_num)
  for (const entry of batches) {
    entry.sealed = await wechat.transferBatches.prepare(entry.batch)
    sealing.advance(entry.batch.total_num)
  }
  sealing.stop()
  const sending = stage('send', everybody.total_num)
  for (const entry of batches) {
    // Not knowing is no reason for a new number: the same sealed request goes again, and is paid once.
    for (let attempt = 0; attempt < 3 && entry.outcome === 'unknown'; attempt++) {
      entry.outcome = (await wechat.transferBatches.create(entry.sealed)).outcome
    }
    if (entry.outcome === 'accepted') sending.advance(entry.batch.total_num)
  }
  sending.stop()
  // What takes the provider an hour takes the sandbox a moment; it delivers the notifications before this resolves.
  await sandbox.advance(3600)
  return batches
}

/** Asks for the state of every payee, and for the reason of every failure. */
async function settle(wechat, batches) {
  const progress = stage(
    'settle',
    sum(batches, ({ batch }) => batch.total_num),
  )
  const results = new Map()
  for (const entry of batches) {
    const { out_batch_no: outBatchNo, total_num } = entry.batch
    if (entry.outcome !== 'accepted') continue
    entry.state = (await wechat.transferBatches.get({ outBatchNo })).transfer_batch
    for await (const { out_detail_no: outDetailNo, detail_status: status } of wechat.transferBatches.details({
      outBatchNo,
    })) {
      const failed = status === 'FAIL' ? await wechat.transferBatches.detail({ outBatchNo, outDetailNo }) : undefined
      results.set(`${outBatchNo} ${outDetailNo}`, { status, reason: failed?.fail_reason })
      if (process.stdout.isTTY) progress.advance(1)
    }
    if (!process.stdout.isTTY) progress.advance(total_num)
  }
  progress.stop()
  return results
}

/** Prints what became of every payee; `true` when all of it adds up. */
function report({ sheet, batches, results, notifications, ledger }) {
  const payees = batches.flatMap(({ batch }) =>
    batch.transfer_detail_list.map(detail => {
      const key = `${batch.out_batch_no} ${detail.out_detail_no}`
      return { ...detail, key, batch: batch.out_batch_no, ...(results.get(key) ?? { status: 'UNKNOWN' }) }
    }),
  )
  const amount = list => sum(list, ({ transfer_amount }) => transfer_amount)
  const groups = batches.map(({ batch }) => [
    batch.out_batch_no,
    payees.filter(payee => payee.batch === batch.out_batch_no),
  ])
  const parts = summary('batch', groups, { paid: 'SUCCESS', failed: 'FAIL', amount })
  showFailures(
    parts.failed.map(({ out_detail_no, transfer_amount, reason }) => [out_detail_no, transfer_amount, reason]),
  )

  const moved = ledger.filter(({ state }) => state === 'SUCCESS')
  const movedOnce = new Map(moved.map(entry => [`${entry.batch} ${entry.number}`, entry]))
  const states = batches.map(({ state }) => state).filter(Boolean)
  const notified = new Map(notifications.map(({ resource }) => [resource.out_batch_no, resource]))
  const checks = [
    ['the batches hold every payee of the file', payees.length === sheet.count && amount(payees) === sheet.total],
    ['paid and failed together are everybody, nothing is unknown', parts.unknown.length === 0],
    [
      'the provider counts the same',
      states.length === batches.length &&
        sum(states, state => state.success_num) === parts.paid.length &&
        sum(states, state => state.success_amount) === amount(parts.paid) &&
        sum(states, state => state.fail_num) === parts.failed.length &&
        sum(states, state => state.fail_amount) === amount(parts.failed),
    ],
    [
      'a signed notification said so for each batch',
      batches.every(({ batch: { out_batch_no }, state }) => {
        const resource = notified.get(out_batch_no)
        return resource?.batch_status === 'FINISHED' && resource.success_amount === state?.success_amount
      }),
    ],
    [
      'the ledger paid each of them once, and nobody else',
      moved.length === parts.paid.length &&
        movedOnce.size === moved.length &&
        parts.paid.every(({ key, openid, transfer_amount }) => {
          const entry = movedOnce.get(key)
          return entry?.payee === openid && entry.amount === transfer_amount
        }),
    ],
  ]
  return showChecks(
    checks,
    `${grouped(payees.length)} payees, ${yuan(amount(payees))} yuan in ${batches.length} batches`,
  )
}

await run(main)
