import { CircleCheck } from 'lucide-preact'
import { useEffect, useState } from 'preact/hooks'
import type { IssueEntry, Kind } from '../sheet/protocol'
import { goTo } from '../state/jump'
import { client, filter, fix, fixKind, showRows, snapshot } from '../state/panel'
import { number, text } from '../text'
import { MarkIcon } from './grid-row'
import { messageOf } from './message'

const PAGE = 50

/** Kinds first, so that a thousand issues read as a few; then each of them, in row order. */
export function IssuesTab() {
  const words = text.value.issues
  const { kinds = [], blocked, summary } = snapshot.value ?? {}
  if (blocked) return <p class="empty muted">{text.value.verdict.blocked}</p>
  if (summary?.count === 0) return <p class="empty muted">{text.value.verdict.empty}</p>
  if (kinds.length === 0) {
    return (
      <div class="empty">
        <CircleCheck class="good" size={36} strokeWidth={1.5} aria-hidden="true" />
        <h3>{words.none}</h3>
        <p class="muted">{words.noneHint}</p>
      </div>
    )
  }
  return (
    <>
      <h3 class="side-heading">{words.kinds}</h3>
      <ul class="kinds">
        {kinds.map(kind => (
          <KindRow key={kind.key} kind={kind} />
        ))}
      </ul>
      <IssueList />
    </>
  )
}

function KindRow({ kind }: { kind: Kind }) {
  const words = text.value.issues
  const only = filter.value.kind === kind.key
  return (
    <li class={`kind kind-${kind.severity} ${only ? 'kind-only' : ''}`}>
      <button
        type="button"
        class="kind-name"
        aria-pressed={only}
        title={words.showRows}
        onClick={() => showRows(only ? { rows: 'all' } : { rows: 'issues', kind: kind.key })}
      >
        <MarkIcon marks={[{ ...kind, id: -1, messages: { zh: '', en: '' } }]} />
        <span class="kind-text">{messageOf(kind)}</span>
        <span class="kind-count">{number(kind.count)}</span>
      </button>
      {kind.fix && (
        <button type="button" class="button small" onClick={() => fixKind(kind.key, kind.fixable)}>
          {text.value.fixes[kind.fix]} · {words.fixAll(number(kind.fixable))}
        </button>
      )}
    </li>
  )
}

function IssueList() {
  const words = text.value.issues
  const [shown, setShown] = useState(PAGE)
  const [list, setList] = useState<{ total: number; issues: IssueEntry[] }>({ total: 0, issues: [] })
  const { generation } = snapshot.value ?? {}
  const wanted = filter.value
  useEffect(() => setShown(PAGE), [wanted])
  // another generation has other issues
  useEffect(() => {
    let late = false
    const load = async () => {
      const answer = await (await client()).issues(wanted, 0, shown)
      if (!late) setList(answer)
    }
    void load()
    return () => {
      late = true
    }
  }, [wanted, shown, generation])
  return (
    <>
      <h3 class="side-heading">
        {words.list}
        <span class="muted">{words.shown(number(list.issues.length), number(list.total))}</span>
      </h3>
      <ol class="issue-list">
        {list.issues.map(issue => (
          <IssueRow key={issue.id} issue={issue} />
        ))}
      </ol>
      {list.issues.length < list.total && (
        <button type="button" class="button wide" onClick={() => setShown(shown + PAGE)}>
          {words.more(number(Math.min(PAGE, list.total - list.issues.length)))}
        </button>
      )}
    </>
  )
}

function IssueRow({ issue }: { issue: IssueEntry }) {
  const words = text.value.issues
  const { row, column } = issue
  const cell = row === undefined ? undefined : `${column ?? ''}${row}`
  return (
    <li class="issue">
      {cell ? (
        <button
          type="button"
          class="cell-link"
          aria-label={words.goTo(cell)}
          onClick={() => goTo(row as number, column)}
        >
          {cell}
        </button>
      ) : (
        <span class="cell-link">{words.file}</span>
      )}
      <MarkIcon marks={[{ ...issue, messages: { zh: '', en: '' } }]} />
      <span class="issue-text">
        {messageOf(issue)} <code class="rule">{issue.code}</code>
      </span>
      {issue.fix && (
        <button
          type="button"
          class="button small"
          title={text.value.fixes[issue.fix]}
          aria-label={`${words.fix} ${cell}: ${text.value.fixes[issue.fix]}`}
          onClick={() => fix(issue.id)}
        >
          {words.fix}
        </button>
      )}
    </li>
  )
}
