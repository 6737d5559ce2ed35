import { ChevronDown, ChevronUp, X } from 'lucide-preact'
import type { Filter } from '../sheet/protocol'
import { nextIssue } from '../state/jump'
import { filter, showRows, snapshot, viewCount } from '../state/panel'
import { number, text } from '../text'
import { CellBar } from './cell-bar'
import { Grid } from './grid'
import { messageOf } from './message'

/** The rows, which of them are shown, and what is wrong with the selected one. */
export function TablePane() {
  const words = text.value.table
  const { summary, kinds = [], changes = 0, rowCount = 0 } = snapshot.value ?? {}
  const { rows, kind: kindKey } = filter.value
  const kind = kinds.find(({ key }) => key === kindKey)
  const choices: [Filter['rows'], string, number | undefined][] = [
    ['all', words.all, rowCount],
    ['issues', words.issues, summary?.issueRows],
    ['error', words.error, summary?.errorRows],
    ['warning', words.warning, summary?.warningRows],
    ['changed', words.changed, changes],
  ]
  return (
    <section class="table-pane" aria-label={words.tab}>
      <div class="table-tools">
        <fieldset class="chips">
          <legend class="visually-hidden">{words.filter}</legend>
          {choices.map(([name, title, count]) => (
            <button
              key={name}
              type="button"
              aria-pressed={kindKey === undefined && rows === name}
              disabled={name !== 'all' && !count && rows !== name}
              onClick={() => showRows({ rows: name })}
            >
              {title}
              {count !== undefined && <span class="count">{number(count)}</span>}
            </button>
          ))}
        </fieldset>
        {kind && (
          <button type="button" class="chip-filter" onClick={() => showRows({ rows: 'all' })}>
            <span>
              {words.onlyKind}: {messageOf(kind)}
            </span>
            <X size={14} aria-hidden="true" />
            <span class="visually-hidden">{words.clear}</span>
          </button>
        )}
        <span class="stretch" />
        <div class="steps">
          <button
            type="button"
            class="icon-button"
            disabled={!summary?.issueRows}
            aria-label={words.previous}
            title={words.previous}
            onClick={() => nextIssue(-1)}
          >
            <ChevronUp size={18} aria-hidden="true" />
          </button>
          <button
            type="button"
            class="icon-button"
            disabled={!summary?.issueRows}
            aria-label={words.next}
            title={`${words.next} (F8)`}
            onClick={() => nextIssue(1)}
          >
            <ChevronDown size={18} aria-hidden="true" />
          </button>
        </div>
      </div>
      <div class="grid-frame">
        <Grid />
        {viewCount.value === 0 && (
          <div class="grid-empty">
            <p>{words.none}</p>
            {rowCount > 0 && <p class="muted">{words.noneHint}</p>}
          </div>
        )}
      </div>
      <CellBar />
    </section>
  )
}
