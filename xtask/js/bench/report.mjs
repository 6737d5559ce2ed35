// The rows as a table for the terminal and as Markdown for the README.

import Table from 'cli-table3'

const missed = 'not met'

function figure(row, side) {
  const unit = ['us', 'bytes', 'ms'].find(unit => row[`${side}_${unit}`] !== undefined)
  if (!unit) return ''
  const value = row[`${side}_${unit}`]
  if (unit === 'bytes') return row.file ? `${(value / 1024).toFixed(1)} KiB` : `${(value / 2 ** 20).toFixed(0)} MiB`
  const digits = number => (number < 10 ? number.toFixed(2) : number.toFixed(number < 1000 ? 1 : 0))
  const [low, high] = row[`${side}_spread_${unit}`]
  return `${digits(value)} (${digits(low)}–${digits(high)}) ${unit === 'us' ? 'µs' : 'ms'}`
}

function ratio(row, value = row.ratio) {
  if (value === undefined) return ''
  // Beside a goal of that form, or where hundredths say little.
  return isInverse(row.goal) || value < 0.2 ? `1/${(1 / value).toFixed(1)}` : value.toFixed(2)
}

/** Goals that are said as "fifteen times faster". */
function isInverse(goal) {
  return goal !== null && goal < 0.3 && Math.abs(1 / goal - Math.round(1 / goal)) < 1e-9
}

function goal(row) {
  if (row.goal === null) return ''
  if (row.file) return `≤ ${(row.goal / 1024).toFixed(0)} KiB`
  return isInverse(row.goal) ? `≤ 1/${Math.round(1 / row.goal)}` : `≤ ${row.goal}`
}

function verdict(row) {
  if (row.missing) return `not run: ${row.missing}`
  return row.met === null ? '' : row.met ? 'met' : missed
}

const head = ['', 'job', 'host', 'ours', '', 'theirs', '', 'ratio', 'goal', '', 'floor']
/** The terminal also shows what a busy machine does not disturb. */
const cpu = row => (row.cpu_ratio === undefined ? '' : row.cpu_ratio.toFixed(2))
const cells = row => [
  row.id.startsWith('S') ? row.id : '',
  row.job,
  row.node?.replace(/^(?=\d)/, 'Node ') ?? '',
  row.ours ?? '',
  figure(row, 'ours'),
  row.theirs ?? '',
  figure(row, 'theirs'),
  ratio(row),
  goal(row),
  verdict(row),
  row.floor ? ratio(row, row.floor.ratio) : '',
]

function extra({ rows }) {
  const modules = rows.filter(row => row.file)
  const kib = bytes => `${(bytes / 1024).toFixed(1)} KiB`
  return modules.map(({ file, raw, gzip, brotli }) => `${file}: ${kib(raw)}, gzip ${kib(gzip)}, brotli ${kib(brotli)}`)
}

const reading =
  'Median (middle half). The ratio is the median of the ratios of each turn, ours divided by theirs: smaller is better.'

/** What each floor is made of. */
function floors({ rows }) {
  const found = rows.filter(row => row.floor && row.ours_ms !== undefined)
  const said = [...new Set(found.map(row => `${row.id}: ${row.floor.what}`))]
  return said.length === 0 ? [] : [`Floors, the part of the job that nobody can leave out, alone: ${said.join('; ')}.`]
}

export function terminal(result) {
  const style = { head: [], border: [] }
  const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }
  const table = new Table({ head: [...head, 'of CPU'], style, chars })
  for (const row of result.rows) table.push([...cells(row), cpu(row)])
  return [table.toString(), reading, ...floors(result), ...extra(result), machine(result)].join('\n')
}

export function markdown(result) {
  const line = values => `| ${values.map(value => value.replaceAll('|', '\\|')).join(' | ')} |`
  const rows = result.rows.map(row => {
    const values = cells(row)
    if (row.met === false) values[9] = `**${missed}**`
    return line(values)
  })
  const table = [line(head), `|${' --- |'.repeat(head.length)}`, ...rows].join('\n')
  return `${table}\n\n${[reading, ...floors(result), machine(result)].join(' ')}.\n`
}

function machine({ machine, date, quick }) {
  const { cpu, threads, memory, system } = machine
  const size = `${(memory / 2 ** 30).toFixed(0)} GiB`
  return `${cpu}, ${threads} threads, ${size}, ${system}, ${date.slice(0, 10)}${quick ? ', few rounds (--quick)' : ''}`
}
