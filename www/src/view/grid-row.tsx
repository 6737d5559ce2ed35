import { Component, type ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { columnLetters } from '../sheet/letters'
import type { Mark, Row } from '../sheet/protocol'
import { edit, editing, fields, selected } from '../state/panel'
import { text } from '../text'
import { isAmount } from './grid'
import { messageOf } from './message'

interface Props {
  index: number
  start: number
  height: number
  width: number
  row: Row | undefined
  /** The selected column, when the selected cell is in this row. */
  column: number | undefined
  /** Whether the keyboard enters the grid here. */
  entry: boolean
  editing: boolean
}

/** Drawn again only when what it shows is other than before: scrolling moves rows, and does not change them. */
export class GridRow extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return (Object.keys(next) as (keyof Props)[]).some(name => next[name] !== this.props[name])
  }

  override render() {
    return <Line {...this.props} />
  }
}

function Line({ index, start, height, width, row, column, entry, editing: edited }: Props) {
  const place = { transform: `translateY(${start}px)`, height: `${height}px` }
  const marks = row?.marks ?? []
  const kind = ['grid-row', row ? '' : 'grid-waiting', column === undefined ? '' : 'grid-chosen']
  return (
    <div class={kind.filter(Boolean).join(' ')} role="row" aria-rowindex={index + 2} style={place}>
      <div class={`grid-number ${tone(marks) ? `has-${tone(marks)}` : ''}`} role="rowheader" aria-colindex={1}>
        {row?.row ?? '…'}
        <MarkIcon marks={marks.filter(mark => !mark.column)} />
      </div>
      {Array.from({ length: width }, (_, at) => (
        <Cell
          key={columnLetters(at)}
          index={index}
          at={at}
          row={row}
          chosen={column === at}
          entry={entry && at === 0}
          editing={edited && column === at}
        />
      ))}
    </div>
  )
}

interface CellProps {
  index: number
  at: number
  /** Missing while it is on its way; the cell is there already, and keeps the focus. */
  row: Row | undefined
  chosen: boolean
  entry: boolean
  editing: boolean
}

function Cell({ index, at, row, chosen, entry, editing: edited }: CellProps) {
  const letters = columnLetters(at)
  const content = row?.cells[at] ?? ''
  const marks = row?.marks.filter(mark => mark.column === letters) ?? []
  const severity = tone(marks)
  const changed = row?.changed.includes(letters)
  const kind = [
    'grid-cell',
    severity && `has-${severity}`,
    changed && 'changed',
    isAmount(fields.value.get(letters)) && 'amount',
    chosen && 'chosen',
  ]
  return (
    <div
      class={kind.filter(Boolean).join(' ')}
      role="gridcell"
      aria-colindex={at + 2}
      aria-selected={chosen}
      aria-invalid={severity === 'error'}
      data-cell={`${index}:${at}`}
      tabIndex={chosen || entry ? 0 : -1}
      onClick={() => {
        if (!chosen) selected.value = { index, column: at }
      }}
      onDblClick={() => {
        editing.value = true
      }}
    >
      {!row && <span class="bone" />}
      {edited && row ? (
        <Editor row={row.row} at={at} content={content} label={text.value.cell.value(`${letters}${row.row}`)} />
      ) : (
        <>
          <span class="content">{visible(content)}</span>
          <MarkIcon marks={marks} />
          {changed && <span class="visually-hidden">, {text.value.table.changed1}</span>}
        </>
      )}
    </div>
  )
}

/** Colour is never alone: an error has an octagon, a warning a triangle, and both have words. */
export function MarkIcon({ marks }: { marks: Mark[] }) {
  const severity = tone(marks)
  if (!severity) return null
  const words = text.value.table
  return (
    <>
      <svg class={`mark mark-${severity}`} aria-hidden="true">
        <use href={`#mark-${severity}`} />
      </svg>
      <span class="visually-hidden">
        , {severity === 'error' ? words.error1 : words.warning1}: {marks.map(messageOf).join('; ')}
      </span>
    </>
  )
}

/** Both signs once; a table full of them only refers here. */
export function MarkShapes() {
  return (
    <svg class="visually-hidden" aria-hidden="true">
      <symbol id="mark-error" viewBox="0 0 24 24">
        <path d="M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8z" />
        <path d="M12 7.5V13M12 16.5v.01" />
      </symbol>
      <symbol id="mark-warning" viewBox="0 0 24 24">
        <path d="M12 3.5 22 20.5H2z" />
        <path d="M12 10v4.5M12 17.5v.01" />
      </symbol>
    </svg>
  )
}

function tone(marks: Mark[]): 'error' | 'warning' | undefined {
  if (marks.length === 0) return undefined
  return marks.some(mark => mark.severity === 'error') ? 'error' : 'warning'
}

/** Blanks, line breaks and what nobody sees are shown where they stand, since they may be what is wrong. */
export function visible(content: string): ComponentChildren {
  const pieces = content.split(/(^\s+|\s+$|[\p{Cc}\u00a0\u200b-\u200f\u2028-\u202e\u2060\ufeff])/u)
  if (pieces.length === 1) return content
  return pieces.map((piece, at) =>
    at % 2 === 0 ? (
      piece
    ) : (
      <span key={at} class="unseen">
        {[...piece].map(symbol).join('')}
      </span>
    ),
  )
}

function symbol(c: string): string {
  const code = c.charCodeAt(0)
  if (c === '\n' || c === '\r') return '↵'
  if (c === '\t') return '⇥'
  if (c === ' ') return '·'
  if (c === '\u3000') return '□'
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : `<${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

function Editor({ row, at, content, label }: { row: number; at: number; content: string; label: string }) {
  const input = useRef<HTMLInputElement>(null)
  const done = useRef(false)
  // Before the next key comes: whoever types on must not lose a character.
  useLayoutEffect(() => {
    input.current?.focus()
    input.current?.select()
  }, [])
  const finish = (keep: boolean) => {
    if (done.current) return
    done.current = true
    const next = input.current?.value ?? content
    editing.value = false
    if (keep && next !== content) void edit(row, at, next)
  }
  return (
    <input
      ref={input}
      class="grid-editor"
      aria-label={label}
      defaultValue={content}
      autocomplete="off"
      spellcheck={false}
      onBlur={() => finish(true)}
      onKeyDown={event => {
        if (event.key === 'Enter' || event.key === 'Tab') finish(true)
        else if (event.key === 'Escape') finish(false)
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    />
  )
}
