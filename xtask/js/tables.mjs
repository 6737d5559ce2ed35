// What both demos print, how they listen, and how they end.

import { createServer } from 'node:http'
import Table from 'cli-table3'
import { grouped } from './progress.mjs'

export const locale = /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '') ? 'zh' : 'en'

export const yuan = fen => (fen / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })
export const sum = (list, value) => list.reduce((total, item) => total + value(item), 0)

function table(head, left) {
  return new Table({
    head,
    style: { head: [], border: [] },
    // No line between rows: thirty issues should fit on a screen.
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    colAligns: head.map((_, index) => (left.includes(index) ? 'left' : 'right')),
  })
}

/** Prints what is wrong, field by field; never a value. */
export function showIssues(issues) {
  const rows = table(['line', 'column', 'code', '', 'what is wrong'], [1, 2, 3, 4])
  for (const { row, column, code, severity, message, path } of issues) {
    rows.push([row ?? '', column ?? path, code, severity, message])
  }
  console.log(rows.toString())
  const errors = issues.filter(issue => issue.severity === 'error').length
  console.log(
    `${grouped(errors)} errors, ${grouped(issues.length - errors)} warnings${errors ? ': nothing was sent' : ''}`,
  )
}

/**
 * Prints one line for each group of payees and one for all of them; returns these, split by what became of them.
 *
 * @param paid, failed the provider's words; every other status is unknown
 */
export function summary(title, groups, { paid, failed, amount }) {
  const split = all => ({
    all,
    paid: all.filter(({ status }) => status === paid),
    failed: all.filter(({ status }) => status === failed),
    unknown: all.filter(({ status }) => status !== paid && status !== failed),
  })
  const rows = table([title, 'payees', 'yuan', 'paid', 'yuan', 'failed', 'yuan', 'unknown'], [0])
  const line = (name, parts) => [
    name,
    ...[parts.all, parts.paid, parts.failed].flatMap(list => [grouped(list.length), yuan(amount(list))]),
    grouped(parts.unknown.length),
  ]
  for (const [name, payees] of groups) rows.push(line(name, split(payees)))
  const parts = split(groups.flatMap(([, payees]) => payees))
  rows.push(line('total', parts))
  console.log(`\n${rows}`)
  return parts
}

/** Prints who was not paid, and why. @param failed `[number, fen, reason]` of each */
export function showFailures(failed) {
  if (failed.length === 0) return
  const rows = table(['failed', 'yuan', 'reason'], [0, 2])
  for (const [number, fen, reason] of failed.slice(0, 50)) rows.push([number, yuan(fen), reason ?? 'not given'])
  if (failed.length > 50) rows.push([`and ${grouped(failed.length - 50)} more`, '', ''])
  console.log(rows.toString())
}

/** Prints `[what, whether it holds]` of each check and the last line; `true` when all of them hold. */
export function showChecks(checks, counted) {
  console.log()
  for (const [what, holds] of checks) console.log(`${holds ? '✔' : '✘'} ${what}`)
  const settled = checks.every(([, holds]) => holds)
  console.log(`\n${settled ? 'settled' : 'NOT settled'}: ${counted}`)
  return settled
}

/** Listens on loopback. Only what `open` verified is kept and answered with success. */
export async function listen(path, open) {
  const received = []
  const server = createServer(async (request, response) => {
    try {
      const chunks = []
      for await (const chunk of request) chunks.push(chunk)
      received.push(await open({ headers: request.headers, body: Buffer.concat(chunks) }))
      response.writeHead(204).end()
    } catch (error) {
      console.error(`a notification was refused: ${error.code ?? error.name}`)
      response.writeHead(400, { 'Content-Type': 'application/json' }).end('{"code":"FAIL","message":"not accepted"}')
    }
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${server.address().port}${path}`
  const close = () =>
    new Promise(resolve => {
      server.close(resolve)
      server.closeAllConnections()
    })
  return { url, received, close }
}

/** Runs a demo with the arguments of the command line: exit code 0 only when it says that everything adds up. */
export async function run(demo) {
  try {
    process.exitCode = (await demo(process.argv.slice(2))) ? 0 : 1
  } catch (error) {
    const what =
      error.code === 'ENOENT' ? `there is no file ${error.path}` : `${error.code ?? error.name}: ${error.message}`
    console.error(`demo: ${what}`)
    process.exitCode = 1
  }
}
