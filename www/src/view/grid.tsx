import { defaultRangeExtractor, type Range } from '@tanstack/virtual-core'
import { useCallback, useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { columnLetters } from '../sheet/letters'
import { nextIssue } from '../state/jump'
import { editing, fields, filter, rows, selected, snapshot, viewCount } from '../state/panel'
import { number, text } from '../text'
import { GridRow } from './grid-row'
import { fieldLabel } from './message'
import { useVirtualizer } from './virtual'

const coarse = matchMedia('(pointer: coarse)').matches
const ROW = coarse ? 40 : 32
const HEAD = 46

/** The rows of the view: only those on screen are elements, and only those near it are in the page at all. */
export function Grid() {
  const words = text.value.table
  const scroller = useRef<HTMLDivElement>(null)
  const count = viewCount.value
  const { headers = [] } = snapshot.value?.facts ?? {}
  const chosen = selected.value
  const width = Math.max(headers.length, chosen ? chosen.column + 1 : 0)

  // The selected row stays an element, or the keyboard would lose its place.
  const keep = chosen && chosen.index < count ? chosen.index : undefined
  const rangeExtractor = useCallback(
    (range: Range) => {
      const indexes = defaultRangeExtractor(range)
      if (keep === undefined || indexes.includes(keep)) return indexes
      return [...indexes, keep].sort((a, b) => a - b)
    },
    [keep],
  )
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    paddingStart: 0,
    scrollPaddingStart: HEAD,
    rangeExtractor,
  })
  const items = virtualizer.getVirtualItems()
  const [first, last] = [virtualizer.range?.startIndex ?? 0, virtualizer.range?.endIndex ?? 0]

  void rows.version.value
  const { generation } = snapshot.value ?? {}
  // another generation or filter makes the same indexes other rows
  useEffect(() => {
    if (count === 0) return
    rows.need(Math.max(0, first - 20), Math.min(count - 1, last + 20))
    if (keep !== undefined) rows.need(keep, keep)
  }, [first, last, count, keep, generation, filter.value])

  useLayoutEffect(() => {
    if (scroller.current) measure(headers, scroller.current)
  })
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 })
  }, [filter.value])
  useFollow(scroller, virtualizer.scrollToIndex, chosen)

  const onKeyDown = (event: KeyboardEvent) => {
    if (editing.value) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW) - 2)
    const next = move(event, selected.value ?? { index: 0, column: 0 }, { count, width, page })
    if (!next) return
    event.preventDefault()
    if (next === 'edit') editing.value = true
    else if (next === 'issue' || next === 'issue-before') void nextIssue(next === 'issue' ? 1 : -1)
    else selected.value = next
  }

  return (
    <div
      ref={scroller}
      id="rows"
      class="grid"
      role="grid"
      aria-label={words.label}
      aria-rowcount={count + 1}
      aria-colcount={width + 1}
      aria-describedby="grid-keys"
      tabIndex={count === 0 || items.length === 0 ? 0 : -1}
      onKeyDown={onKeyDown}
    >
      <div class="grid-head" role="rowgroup">
        <div class="grid-row" role="row" aria-rowindex={1}>
          <div class="grid-number" role="columnheader" aria-colindex={1}>
            {words.row}
          </div>
          {Array.from({ length: width }, (_, at) => {
            const letters = columnLetters(at)
            const field = fields.value.get(letters)
            return (
              <div
                key={letters}
                class={`grid-title ${isAmount(field) ? 'amount' : ''}`}
                role="columnheader"
                aria-colindex={at + 2}
              >
                <span class="letter">{letters}</span> <span class="title">{headers[at] || ' '}</span>
                <span class={`mapped ${field ? '' : 'unmapped'}`}>{field ? fieldLabel(field) : '—'}</span>
              </div>
            )
          })}
        </div>
      </div>
      <div class="grid-body" role="rowgroup" style={{ height: `${virtualizer.getTotalSize()}px` }}>
        {items.map(({ index, start }) => (
          <GridRow
            key={index}
            index={index}
            start={start}
            height={ROW}
            width={width}
            row={rows.at(index)}
            column={chosen?.index === index ? chosen.column : undefined}
            entry={chosen === undefined && index === first}
            editing={chosen?.index === index && editing.value}
          />
        ))}
      </div>
      <p id="grid-keys" class="visually-hidden">
        {words.keys} {number(count)}
      </p>
    </div>
  )
}

export function isAmount(field: string | undefined): boolean {
  return field === 'transfer_amount' || field === 'amount'
}

type Place = { index: number; column: number }
type Size = { count: number; width: number; page: number }

function move(
  event: KeyboardEvent,
  { index, column }: Place,
  { count, width, page }: Size,
): Place | 'edit' | 'issue' | 'issue-before' | undefined {
  const whole = event.ctrlKey || event.metaKey
  const at = (index: number, column: number): Place => ({
    index: Math.max(0, Math.min(count - 1, index)),
    column: Math.max(0, Math.min(width - 1, column)),
  })
  switch (event.key) {
    case 'ArrowDown':
      return at(whole ? count - 1 : index + 1, column)
    case 'ArrowUp':
      return at(whole ? 0 : index - 1, column)
    case 'ArrowRight':
      return at(index, column + 1)
    case 'ArrowLeft':
      return at(index, column - 1)
    case 'PageDown':
      return at(index + page, column)
    case 'PageUp':
      return at(index - page, column)
    case 'Home':
      return at(whole ? 0 : index, 0)
    case 'End':
      return at(whole ? count - 1 : index, width - 1)
    case 'Enter':
    case 'F2':
      return 'edit'
    case 'F8':
      return event.shiftKey ? 'issue-before' : 'issue'
    default:
      return undefined
  }
}

/** Scrolls to the selected cell and gives it the focus, unless the pointer did. */
function useFollow(
  scroller: { current: HTMLElement | null },
  scrollToIndex: (index: number) => void,
  chosen: Place | undefined,
) {
  useLayoutEffect(() => {
    if (chosen) scrollToIndex(chosen.index)
  }, [chosen, scrollToIndex])
  useLayoutEffect(() => {
    if (!chosen || editing.value) return
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-cell="${chosen.index}:${chosen.column}"]`)
    cell?.focus({ preventScroll: true })
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [chosen, scroller, editing.value])
}

/** Widths from what stands in the rows at hand, in pixels: full-width characters take two places. */
function measure(headers: string[], scroller: HTMLElement): void {
  const known = JSON.stringify([headers, rows.at(0)?.cells.length])
  if (scroller.dataset.widths === known) return
  scroller.dataset.widths = known
  const places = (content: string) => [...content].reduce((sum, c) => sum + (c > '\u2e7f' ? 2 : 1), 0)
  const widest = headers.map(header => places(header) + 3)
  for (let index = 0; index < 50; index++) {
    for (const [at, cell] of (rows.at(index)?.cells ?? []).entries())
      widest[at] = Math.max(widest[at] ?? 0, places(cell))
  }
  const widths = widest.map(places => Math.round(20 + 8.2 * Math.max(8, Math.min(places + 2, 34))))
  scroller.style.setProperty('--columns', widths.map(width => `minmax(${width}px, ${width}fr)`).join(' '))
  scroller.style.setProperty('--row-width', `${widths.reduce((sum, width) => sum + width, 68)}px`)
}
