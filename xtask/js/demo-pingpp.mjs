// Pays everybody in a file of mixed channels through the sandbox of Ping++, one batch per channel: `cargo xtask demo pingpp [FILE]`.
// Exits with 0 only when every sum adds up and every check below holds.

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Pingpp } from 'payseal'
import { startSandbox } from 'payseal/sandbox'
import { grouped, stage } from './progress.mjs'
import { listen, locale, run, showChecks, showFailures, showIssues, sum, summary, yuan } from './tables.mjs'

const amountOf = list => sum(list, ({ amount }) => amount)

async function main([provider, file]) {
  if (provider !== 'pingpp' || !file) throw new Error('usage: node demo-pingpp.mjs pingpp FILE')
  const { description, allinpay_merchant: allinpayMerchant, payees } = read(file)
  const channels = new Set(payees.map(({ channel }) => channel))
  console.log(
    `${basename(file)}: ${grouped(payees.length)} payees, ${yuan(amountOf(payees))} yuan, ${channels.size} channels`,
  )

  const sandbox = await startSandbox({ port: 0, allinpayMerchant })
  const pingpp = new Pingpp({ ...sandbox.pingpp, limits: { allinpayMerchant }, locale })
  const receiver = await listen('/events', incoming => pingpp.event(incoming))
  try {
    const batches = compose([...channels].sort(), payees, { app: sandbox.pingpp.app, description })
    if (!check(pingpp, batches)) return false
    sandbox.webhook(receiver.url)
    console.log(`sandbox at ${sandbox.url}, events to ${receiver.url}\n`)
    // One reply gets lost, so that it can be seen what happens then.
    sandbox.fault({ kind: 'drop-reply', path: '/v1/batch_transfers' })
    await pay(pingpp, batches)
    // What takes the provider a while takes the sandbox a moment; it delivers the events before this resolves.
    await sandbox.advance(3600)
    await settle(pingpp, batches)
    return report({ payees, batches, events: receiver.received, ledger: sandbox.ledger() })
  } finally {
    await receiver.close()
    await sandbox.close()
  }
}

/** What a parser says about a file may quote it, so it is said here. */
function read(file) {
  const text = readFileSync(file, 'utf8')
  let content
  try {
    content = JSON.parse(text)
  } catch {
    throw new Error('the file is not JSON')
  }
  if (!Array.isArray(content?.payees)) throw new Error('the file has no list of payees')
  return content
}

/** A batch has one channel, so there is one batch for each. */
function compose(channels, payees, { app, description }) {
  const run = Date.now().toString(36).toUpperCase()
  return channels.map(channel => {
    const recipients = payees
      .filter(payee => payee.channel === channel)
      .map(({ channel: _, ...recipient }) => recipient)
    const batch_no = `DEMO${run}${String(channel).replace('_', '').toUpperCase()}`
    return {
      batch: { app, batch_no, channel, amount: amountOf(recipients), description, recipients, type: 'b2c' },
      outcome: 'unknown',
    }
  })
}

/** Whether every batch may be sent; prints every issue with its channel. */
function check(pingpp, batches) {
  const reports = batches.map(({ batch }) => ({ batch, ...pingpp.batchTransfers.validate(batch) }))
  const issues = reports.flatMap(({ batch, issues }) =>
    issues.map(issue => ({ ...issue, column: `${batch.channel} ${issue.field}` })),
  )
  if (issues.length > 0) showIssues(issues)
  return reports.every(({ ok }) => ok)
}

async function pay(pingpp, batches) {
  const since = new Date()
  const sending = stage(
    'send',
    sum(batches, ({ batch }) => batch.recipients.length),
  )
  for (const entry of batches) {
    entry.sealed = await pingpp.batchTransfers.prepare(entry.batch)
    for (let attempt = 0; attempt < 3 && entry.outcome === 'unknown'; attempt++) {
      // Not knowing is no reason for a new number: look for the batch, and only if it is not there send the same bytes again.
      const found = attempt > 0 ? await pingpp.batchTransfers.find(entry.sealed.number, { since }) : undefined
      if (found) {
        Object.assign(entry, { outcome: 'accepted', id: found.id, lost: true })
      } else {
        const { outcome, reply } = await pingpp.batchTransfers.create(entry.sealed)
        Object.assign(entry, { outcome, id: reply?.data.id })
      }
    }
    if (entry.outcome === 'accepted') sending.advance(entry.sealed.count)
  }
  sending.stop()
  for (const { batch, lost } of batches) {
    if (lost) console.log(`the reply to the batch of ${batch.channel} was lost; the batch was found by its number`)
  }
}

/** Asks for the state of every batch; it holds the state of every payee. */
async function settle(pingpp, batches) {
  const progress = stage(
    'settle',
    sum(batches, ({ batch }) => batch.recipients.length),
  )
  for (const entry of batches) {
    if (entry.id === undefined) continue
    entry.state = await pingpp.batchTransfers.get(entry.id)
    progress.advance(entry.state.recipients.length)
  }
  progress.stop()
}

/** Prints what became of every payee; `true` when all of it adds up. */
function report({ payees, batches, events, ledger }) {
  const groups = batches.map(({ batch, state }) => {
    const states = new Map(state?.recipients.map(recipient => [recipient.order_no, recipient]))
    const told = batch.recipients.map(recipient => {
      const { status = 'unknown', failure_msg } = states.get(recipient.order_no) ?? {}
      return { ...recipient, batch: batch.batch_no, status, reason: failure_msg }
    })
    return [batch.channel, told]
  })
  const { all, paid, failed, unknown } = summary('channel', groups, {
    paid: 'paid',
    failed: 'failed',
    amount: amountOf,
  })
  showFailures(failed.map(({ order_no, amount, reason }) => [order_no, amount, reason]))

  const moved = ledger.filter(({ state }) => state === 'paid')
  const movedOnce = new Map(moved.map(entry => [`${entry.batch} ${entry.number}`, entry]))
  const told = new Map(events.map(({ type, data }) => [data.object.batch_no, { ...data.object, type }]))
  const checks = [
    ['the batches hold every payee of the file', all.length === payees.length && amountOf(all) === amountOf(payees)],
    ['paid and failed together are everybody, nothing is unknown', unknown.length === 0],
    [
      'the state of each batch is that of its payees',
      batches.every(({ state }, index) => {
        const statuses = new Set(groups[index][1].map(({ status }) => status))
        const expected = statuses.size > 1 ? 'partially_succeeded' : statuses.has('paid') ? 'succeeded' : 'failed'
        return state?.status === expected
      }),
    ],
    [
      'a signed event said so for each batch',
      batches.every(({ batch, state }) => {
        const event = told.get(batch.batch_no)
        const type = state?.status === 'failed' ? 'batch_transfer.failed' : 'batch_transfer.succeeded'
        return event?.type === type && event.status === state?.status && event.amount === batch.amount
      }),
    ],
    [
      'the ledger paid each of them once, and nobody else',
      moved.length === paid.length &&
        movedOnce.size === moved.length &&
        paid.every(({ batch, order_no, account, open_id, user, amount }) => {
          const entry = movedOnce.get(`${batch} ${order_no}`)
          return entry?.payee === (account ?? open_id ?? user) && entry.amount === amount
        }),
    ],
  ]
  return showChecks(checks, `${grouped(all.length)} payees, ${yuan(amountOf(all))} yuan in ${batches.length} batches`)
}

await run(main)
