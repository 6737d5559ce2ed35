import { columnLetters } from '../sheet/letters'
import { setColumn, setUnit, snapshot, targetColumns } from '../state/panel'
import { locale, text } from '../text'
import { LimitFields } from './limits'

export function ColumnsTab() {
  const words = text.value.columns
  const facts = snapshot.value?.facts
  if (!facts) return null
  const { headers, columns, missing, amountUnit } = facts
  const used = new Set(Object.values(columns))
  const unused = headers
    .map((title, at) => ({ letters: columnLetters(at), title }))
    .filter(({ letters }) => !used.has(letters))
  return (
    <>
      <h3 class="side-heading">{words.heading}</h3>
      <p class="muted hint">{words.hint}</p>
      <div class="mapping">
        {targetColumns.value.map(({ field, label, required }) => (
          <label key={field} class={`mapping-row ${missing.includes(field) ? 'mapping-missing' : ''}`}>
            <span class="mapping-field">
              {label[locale.value]}
              <small>
                {missing.includes(field) ? words.missing : required ? words.required : words.optional} ·{' '}
                <code>{field}</code>
              </small>
            </span>
            <select
              value={columns[field] ?? ''}
              aria-invalid={missing.includes(field)}
              onChange={event => event.currentTarget.value && setColumn(field, event.currentTarget.value)}
            >
              {!columns[field] && <option value="">{words.notInFile}</option>}
              {headers.map((title, at) => (
                <option key={columnLetters(at)} value={columnLetters(at)}>
                  {columnLetters(at)} · {title || '—'}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <fieldset class={`unit ${amountUnit ? '' : 'mapping-missing'}`}>
        <legend>{words.unit}</legend>
        {(['yuan', 'fen'] as const).map(unit => (
          <label key={unit}>
            <input type="radio" name="unit" checked={amountUnit === unit} onChange={() => setUnit(unit)} />
            {text.value.file[unit]}
          </label>
        ))}
        {!amountUnit && <p class="muted">{words.unitHint}</p>}
      </fieldset>
      <LimitFields />
      {unused.length > 0 && (
        <>
          <h3 class="side-heading">{words.unused}</h3>
          <ul class="unused">
            {unused.map(({ letters, title }) => (
              <li key={letters}>
                <code>{letters}</code> {title || '—'}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
