/** Stands in for `payseal/sheet` until it opens sheets itself: UTF-8 CSV for WeChat batches, on today's `readSheet`. */
import { readSheet } from 'payseal/sheet'
import type {
  Changes,
  FileFormat,
  Fix,
  Issue,
  Locale,
  OpenSheet,
  Sheet,
  SheetFacts,
  SheetOptions,
  SheetReport,
  SheetTarget,
  TargetColumn,
  TargetFacts,
} from './contract'

const column = (field: string, zh: string, en: string, required = true, amount = false): TargetColumn => ({
  field,
  label: { zh, en },
  required,
  amount,
})
const wechat = [
  column('out_detail_no', '商家明细单号', 'Detail number'),
  column('transfer_amount', '转账金额', 'Amount', true, true),
  column('transfer_remark', '转账备注', 'Remark'),
  column('openid', '收款用户 openid', 'openid'),
  column('user_name', '收款用户姓名', 'Name', false),
]
const pingpp = [
  column('order_no', '订单号', 'Order number', false),
  column('account', '收款账号', 'Account'),
  column('name', '姓名', 'Name'),
  column('amount', '金额', 'Amount', true, true),
  column('description', '备注', 'Description', false),
]
const channels = ['alipay', 'unionpay', 'wx', 'wx_pub', 'wx_lite', 'allinpay', 'jdpay', 'balance'] as const

export function standInTargets(): TargetFacts[] {
  return [
    { target: 'wechat-batch', columns: wechat },
    { target: 'wechat-bill', columns: wechat },
    ...channels.map(channel => ({ target: `pingpp:${channel}` as const, columns: pingpp })),
  ]
}

export async function standInTemplate(target: SheetTarget, _format: FileFormat, locale: Locale): Promise<Uint8Array> {
  const titles = (standInTargets().find(facts => facts.target === target)?.columns ?? []).map(
    c => c.label[locale] + (c.amount ? '(元)' : ''),
  )
  return new TextEncoder().encode(`\uFEFF${titles.join(',')}\r\n`)
}

export async function openStandIn(file: Blob, options: SheetOptions): Promise<OpenSheet> {
  options.onProgress?.({ phase: 'read', done: 0, total: file.size })
  const text = await file.text()
  const records = parse(text.replace(/^\uFEFF/, ''), options.separator ?? ',')
  const standIn = new StandIn(records, options)
  await standIn.refresh()
  return standIn as unknown as OpenSheet
}

class StandIn {
  #records: string[][]
  #index: number[]
  #options: SheetOptions
  #sheet: Sheet | undefined
  #error: unknown
  constructor(records: string[][], options: SheetOptions) {
    this.#records = records
    this.#options = options
    this.#index = records.flatMap((cells, at) => (at > 0 && cells.some(Boolean) ? [at] : []))
  }
  get rowCount() {
    return this.#index.length
  }
  async refresh() {
    this.#sheet = undefined
    this.#error = undefined
    const columns = this.#options.columns ?? {}
    const known = wechat.map(c => c.field)
    const titles = (this.#records[0] ?? []).map(
      (title, at) => known.find(field => columns[field] === letter(at)) ?? title,
    )
    const bytes = new TextEncoder().encode(
      [titles, ...this.#records.slice(1)].map(r => r.map(quote).join(',')).join('\n'),
    )
    try {
      const { target, amountUnit, locale } = this.#options
      if (target !== 'wechat-batch') throw Object.assign(new Error('order_no'), { code: 'ERR_SHEET_COLUMNS' })
      const sheet = (await readSheet(bytes, {
        target,
        locale: locale ?? 'zh',
        ...(amountUnit && { amountUnit }),
      })) as Omit<Sheet, keyof SheetFacts> & SheetFacts
      const issues = sheet.issues.map(issue => ({ ...issue, ...fixOf(this.#at(issue)) }) as Issue)
      this.#sheet = {
        ...sheet,
        ...this.#facts(sheet.columns, []),
        issues,
        ok: !issues.some(issue => issue.severity === 'error'),
      }
    } catch (error) {
      this.#error = error
    }
  }
  #facts(columns: Record<string, string>, missing: string[]): SheetFacts {
    return {
      format: 'csv',
      encoding: 'utf-8',
      separator: ',',
      headers: this.#records[0] ?? [],
      columns,
      missing,
      amountUnit: this.#options.amountUnit ?? 'yuan',
    }
  }
  facts(): SheetFacts {
    return (
      this.#sheet ??
      this.#facts(
        { ...this.#options.columns },
        wechat.filter(c => c.required && !this.#options.columns?.[c.field]).map(c => c.field),
      )
    )
  }
  check(): SheetReport {
    return this.result()
  }
  result(): Sheet {
    if (this.#sheet) return this.#sheet
    throw this.#error
  }
  configure(changes: Changes) {
    this.#options = { ...this.#options, ...changes }
    return this.refresh()
  }
  cells(from: number, count: number) {
    return this.#index.slice(from, from + count).map(at => ({ row: at + 1, cells: this.#records[at] ?? [] }))
  }
  #at(issue: { row?: number; column?: string }): string | undefined {
    return issue.row && issue.column ? this.#records[issue.row - 1]?.[number(issue.column)] : undefined
  }
  edit(row: number, column: string, text: string) {
    const cells = this.#records[row - 1]
    if (cells) cells[number(column)] = text
    return this.refresh()
  }
  applyFix(issue: Issue) {
    const text = this.#at(issue)
    const cells = this.#records[(issue.row ?? 0) - 1]
    if (text === undefined || !cells || !issue.column) return
    cells[number(issue.column)] = issue.fix === 'trim' ? text.trim() : text.normalize('NFKC')
    return this.refresh()
  }
  toCsv() {
    return new TextEncoder().encode(`\uFEFF${this.#records.map(r => r.map(quote).join(',')).join('\r\n')}\r\n`)
  }
  async toXlsx() {
    return this.toCsv()
  }
  async issueReport() {
    return this.toCsv()
  }
  free() {}
}

const letter = (at: number) => String.fromCharCode(65 + at)
const number = (column: string) => column.charCodeAt(0) - 65
const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
function fixOf(text: string | undefined): { fix?: Fix } {
  if (!text) return {}
  if (/^\s|\s$/.test(text)) return { fix: 'trim' }
  return /[０-９．]/.test(text) ? { fix: 'halfwidth' } : {}
}

function parse(text: string, separator: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const c = text[at]
    if (quoted) {
      if (c !== '"') cell += c
      else if (text[at + 1] === '"') cell += text[at++]
      else quoted = false
    } else if (c === '"') quoted = true
    else if (c === separator) {
      row.push(cell)
      cell = ''
    } else if (c === '\n') {
      rows.push([...row, cell])
      row = []
      cell = ''
    } else if (c !== '\r') cell += c
  }
  if (cell || row.length > 0) rows.push([...row, cell])
  return rows
}
