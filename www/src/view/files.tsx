import { Download as DownloadIcon, Undo2 } from 'lucide-preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Change, Download } from '../sheet/protocol'
import { goTo } from '../state/jump'
import { against, client, compareWith, snapshot, undo } from '../state/panel'
import { download, downloadTemplate } from '../state/save'
import { number, text } from '../text'
import { FilePicker } from './picker'

export function FilesTab() {
  const words = text.value.files
  return (
    <>
      <Save
        title={words.corrected}
        hint={words.correctedHint}
        csv={() => download('csv')}
        xlsx={() => download('xlsx')}
      />
      <Save
        title={words.report}
        hint={words.reportHint}
        csv={() => download('report-csv' satisfies Download)}
        xlsx={() => download('report-xlsx')}
      />
      <Save
        title={words.template}
        hint={words.templateHint}
        csv={() => downloadTemplate('csv')}
        xlsx={() => downloadTemplate('xlsx')}
      />
      <Compare />
      <Changes />
    </>
  )
}

function Save({ title, hint, csv, xlsx }: { title: string; hint: string; csv: () => void; xlsx: () => void }) {
  return (
    <section class="save">
      <h3 class="side-heading">{title}</h3>
      <p class="muted hint">{hint}</p>
      <div class="buttons">
        {(
          [
            ['CSV', csv],
            ['XLSX', xlsx],
          ] as const
        ).map(([name, action]) => (
          <button key={name} type="button" class="button" aria-label={`${title}: ${name}`} onClick={action}>
            <DownloadIcon size={15} aria-hidden="true" />
            {name}
          </button>
        ))}
      </div>
    </section>
  )
}

function Compare() {
  const words = text.value.files
  const pick = useRef<HTMLInputElement>(null)
  const other = against.value
  return (
    <section class="save">
      <h3 class="side-heading">{words.compare}</h3>
      <p class="muted hint">{other ? words.comparing(other.name) : words.compareHint}</p>
      <div class="buttons">
        {other ? (
          <button type="button" class="button" onClick={() => compareWith(undefined)}>
            {words.compareStop}
          </button>
        ) : (
          <button type="button" class="button" onClick={() => pick.current?.click()}>
            {words.compareChoose}
          </button>
        )}
        <FilePicker inputRef={pick} label={words.compare} onFile={compareWith} />
      </div>
    </section>
  )
}

const SHOWN = 100

/** What was changed, newest first: nothing is ever corrected without standing here. */
function Changes() {
  const words = text.value.files
  const [list, setList] = useState<Change[]>([])
  const { generation, changes = 0 } = snapshot.value ?? {}
  // another generation may have other changes
  useEffect(() => {
    let late = false
    const load = async () => {
      const found = await (await client()).changes(0, SHOWN)
      if (!late) setList(found)
    }
    void load()
    return () => {
      late = true
    }
  }, [generation])
  return (
    <section class="save">
      <h3 class="side-heading">
        {words.changes}
        {changes > 0 && <span class="muted">{number(changes)}</span>}
      </h3>
      {changes === 0 && <p class="muted hint">{words.noChanges}</p>}
      {changes > 0 && (
        <button type="button" class="button small" onClick={undo}>
          <Undo2 size={14} aria-hidden="true" />
          {words.undo}
        </button>
      )}
      <ol class="changes">
        {list.map(({ row, column, before, after }, at) => (
          <li key={at}>
            <button
              type="button"
              class="cell-link"
              aria-label={text.value.issues.goTo(`${column}${row}`)}
              onClick={() => goTo(row, column)}
            >
              {column}
              {row}
            </button>
            <del>
              <span class="visually-hidden">{words.was} </span>
              {before || text.value.table.empty}
            </del>
            <ins>
              <span class="visually-hidden">{words.is} </span>
              {after || text.value.table.empty}
            </ins>
          </li>
        ))}
      </ol>
    </section>
  )
}
