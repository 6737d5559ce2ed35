import { narrow } from '../state/screen'
import { FileBar } from './file-bar'
import { Side } from './side'
import { TablePane } from './table-pane'
import { Verdict } from './verdict'

/** An open file: what it is, what was found, its rows, and what can be done. */
export function Work() {
  return (
    <main id="main" class="work" tabIndex={-1}>
      <FileBar />
      <Verdict />
      <div class="split">
        {!narrow.value && <TablePane />}
        <Side />
      </div>
    </main>
  )
}
