import { FileSpreadsheet, KeyRound, ShieldCheck, WifiOff } from 'lucide-preact'
import { useRef } from 'preact/hooks'
import { openFile } from '../state/panel'
import { downloadTemplate } from '../state/save'
import { text } from '../text'
import { dragging } from './drop'
import { FilePicker } from './picker'
import { TargetSelect } from './target'

export function StartScreen() {
  const words = text.value.start
  const pick = useRef<HTMLInputElement>(null)
  return (
    <main id="main" class="start" tabIndex={-1}>
      <h1>{words.heading}</h1>
      <p class="lead">{words.lead}</p>
      <div class="start-target">
        <TargetSelect label={words.target} />
      </div>
      <div class={`drop ${dragging.value ? 'drop-over' : ''}`}>
        <FileSpreadsheet size={40} strokeWidth={1.25} aria-hidden="true" />
        <p class="drop-title">{dragging.value ? words.release : words.drop}</p>
        <p class="muted">{words.or}</p>
        <button type="button" class="button primary" onClick={() => pick.current?.click()}>
          {words.choose}
        </button>
        <FilePicker inputRef={pick} label={words.choose} onFile={openFile} />
        <p class="muted small">{words.formats}</p>
      </div>
      <p class="templates">
        <span>{words.templates}</span>
        <button type="button" class="link" onClick={() => downloadTemplate('csv')}>
          CSV
        </button>
        <button type="button" class="link" onClick={() => downloadTemplate('xlsx')}>
          XLSX
        </button>
      </p>
      <ul class="promises">
        <li>
          <ShieldCheck size={18} aria-hidden="true" />
          {words.noServer}
        </li>
        <li>
          <KeyRound size={18} aria-hidden="true" />
          {words.noKey}
        </li>
        <li>
          <WifiOff size={18} aria-hidden="true" />
          {words.offline}
        </li>
      </ul>
    </main>
  )
}
