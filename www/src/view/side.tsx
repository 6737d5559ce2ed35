import { ChartColumn, Columns3, Download, ListChecks, Stamp, Table2 } from 'lucide-preact'
import type { ComponentChild } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { snapshot, type Tab, tab } from '../state/panel'
import { narrow } from '../state/screen'
import { text } from '../text'
import { ApproveTab } from './approve'
import { ChartsTab } from './charts'
import { ColumnsTab } from './columns'
import { FilesTab } from './files'
import { IssuesTab } from './issues'
import { TablePane } from './table-pane'

const views: Record<Tab, [typeof Table2, () => ComponentChild]> = {
  table: [Table2, () => <TablePane />],
  issues: [ListChecks, () => <IssuesTab />],
  columns: [Columns3, () => <ColumnsTab />],
  charts: [ChartColumn, () => <ChartsTab />],
  approve: [Stamp, () => <ApproveTab />],
  files: [Download, () => <FilesTab />],
}

/** Everything beside the rows, one tab each; on a narrow screen the rows are a tab too. */
export function Side() {
  const names = (Object.keys(views) as Tab[]).filter(name => name !== 'table' || narrow.value)
  const current = names.includes(tab.value) ? tab.value : 'issues'
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [current])
  const first = useRef(true)
  useEffect(() => {
    // On a narrow screen what was asked for stands below the verdict: bring it up.
    if (narrow.value && !first.current) list.current?.scrollIntoView({ block: 'start' })
    first.current = false
  }, [current])
  const onKeyDown = (event: KeyboardEvent) => {
    const at = names.indexOf(current)
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    tab.value = names[(next + names.length) % names.length] as Tab
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[(next + names.length) % names.length]?.focus()
  }
  const [, View] = views[current]
  return (
    <div class="side">
      <div ref={list} class="tabs" role="tablist" onKeyDown={onKeyDown}>
        {names.map(name => {
          const [Icon] = views[name]
          return (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-selected={name === current}
              aria-controls="tab-panel"
              tabIndex={name === current ? 0 : -1}
              onClick={() => {
                tab.value = name
              }}
            >
              <Icon size={17} aria-hidden="true" />
              <span>{text.value[name].tab}</span>
              {name === 'issues' && <Badge />}
            </button>
          )
        })}
      </div>
      <div
        class={`tab-panel tab-${current}`}
        id="tab-panel"
        role="tabpanel"
        aria-labelledby={`tab-${current}`}
        tabIndex={0}
      >
        <View key={current} />
      </div>
    </div>
  )
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 0 })

function Badge() {
  const { errors = 0, warnings = 0 } = snapshot.value?.summary ?? {}
  const count = errors + warnings
  if (count === 0) return null
  return <span class={`badge ${errors > 0 ? 'badge-bad' : 'badge-look'}`}>{compact.format(count)}</span>
}
