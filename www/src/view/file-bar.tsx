import { FileSpreadsheet, FolderOpen } from 'lucide-preact'
import type { AmountUnit, Encoding, Reading, Separator } from '../sheet/contract'
import { closeFile, file, problem, reading, reread, setUnit, snapshot, target } from '../state/panel'
import { narrow } from '../state/screen'
import { text } from '../text'
import { TargetSelect } from './target'

const encodings: [Encoding, string][] = [
  ['utf-8', 'UTF-8'],
  ['gb18030', 'GBK / GB18030'],
  ['utf-16le', 'UTF-16 LE'],
  ['utf-16be', 'UTF-16 BE'],
]

/** The file, and how it was read: everything that was detected can be changed. */
export function FileBar() {
  const words = text.value.file
  const facts = snapshot.value?.facts
  if (!facts) return null
  const { format, encoding, separator, worksheet, worksheets = [], amountUnit } = facts
  const detected = (name: keyof Reading) => (reading.value[name] === undefined ? ` · ${words.detected}` : '')
  const separators = [
    [',', words.comma],
    ['\t', words.tab],
    [';', words.semicolon],
  ] as const
  const choices = (
    <div class="file-facts">
      <TargetSelect label={words.target} />
      {format === 'csv' && (
        <>
          <Choice
            label={words.encoding + detected('encoding')}
            value={encoding}
            options={encodings}
            onChange={value => reread({ encoding: value as Encoding })}
          />
          <Choice
            label={words.separator + detected('separator')}
            value={separator ?? ','}
            options={separators}
            onChange={value => reread({ separator: value as Separator })}
          />
        </>
      )}
      {format === 'xlsx' && (
        <Choice
          label={words.worksheet}
          value={worksheet ?? ''}
          options={worksheets.map(name => [name, name])}
          onChange={value => reread({ worksheet: value })}
        />
      )}
      <Choice
        label={words.unit}
        value={amountUnit ?? ''}
        options={[
          ...(amountUnit ? [] : ([['', words.unknown]] as [string, string][])),
          ['yuan', words.yuan],
          ['fen', words.fen],
        ]}
        onChange={value => setUnit(value as AmountUnit)}
      />
    </div>
  )
  const how = format === 'csv' ? titleOf(encodings, encoding) : (worksheet ?? '')
  return (
    <section class="file-bar" aria-label={words.region}>
      <h1 class="file-name">
        <FileSpreadsheet size={18} aria-hidden="true" />
        <span>{file.value?.name}</span>
      </h1>
      {!narrow.value && choices}
      <button type="button" class="button" onClick={closeFile}>
        <FolderOpen size={16} aria-hidden="true" />
        {words.another}
      </button>
      {narrow.value && (
        <details class="file-how" open={amountUnit === undefined}>
          <summary>
            {text.value.targets[target.value]} · {how}
          </summary>
          {choices}
        </details>
      )}
    </section>
  )
}

function titleOf(options: readonly (readonly [string, string])[], value: string): string {
  return options.find(([name]) => name === value)?.[1] ?? value
}

export function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: string
  options: readonly (readonly [string, string])[]
  onChange: (value: string) => void
}) {
  const known = options.some(([name]) => name === value)
  // A choice that was refused goes back to what holds.
  void problem.value
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={event => onChange(event.currentTarget.value)}>
        {!known && <option value={value}>{value}</option>}
        {options.map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </label>
  )
}
