import { Pencil } from 'lucide-preact'
import { columnLetters } from '../sheet/letters'
import { editing, fields, fix, rows, selected } from '../state/panel'
import { text } from '../text'
import { MarkIcon, visible } from './grid-row'
import { fieldLabel, messageOf } from './message'

/** The selected cell: its whole content, what is wrong with it, and what can be done. */
export function CellBar() {
  const words = text.value.cell
  void rows.version.value
  const chosen = selected.value
  const row = chosen && rows.at(chosen.index)
  if (!row || !chosen) {
    return (
      <section class="cell-bar" aria-label={words.region}>
        <p class="muted">{words.none}</p>
      </section>
    )
  }
  const letters = columnLetters(chosen.column)
  const field = fields.value.get(letters)
  const content = row.cells[chosen.column] ?? ''
  const marks = row.marks.filter(mark => !mark.column || mark.column === letters)
  return (
    <section class="cell-bar" aria-label={words.region}>
      <div class="cell-what">
        <strong class="cell-name">
          {letters}
          {row.row}
        </strong>
        {field && <span class="muted">{fieldLabel(field)}</span>}
        <code class="cell-content">{content ? visible(content) : text.value.table.empty}</code>
        <button
          type="button"
          class="button small"
          onClick={() => {
            editing.value = true
          }}
        >
          <Pencil size={14} aria-hidden="true" />
          {words.edit}
        </button>
      </div>
      {marks.length === 0 && <p class="muted">{words.fine}</p>}
      <ul class="cell-issues">
        {marks.map(mark => (
          <li key={mark.id}>
            <MarkIcon marks={[{ ...mark, messages: { zh: '', en: '' } }]} />
            <span>{messageOf(mark)}</span>
            <code class="rule">{mark.code}</code>
            {mark.fix && (
              <button type="button" class="button small" onClick={() => fix(mark.id)}>
                {text.value.fixes[mark.fix]}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
