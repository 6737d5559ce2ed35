import { CircleCheck, CircleHelp, OctagonAlert, TriangleAlert } from 'lucide-preact'
import { snapshot } from '../state/panel'
import { number, text, yuan } from '../text'

/** The answer in one line, and the numbers behind it. */
export function Verdict() {
  const words = text.value.verdict
  const { summary } = snapshot.value ?? {}
  const { tone, Icon, title, hint } = judge()
  return (
    <section class={`verdict verdict-${tone}`} aria-label={words.region}>
      <div class="verdict-word">
        <Icon size={28} aria-hidden="true" />
        <div>
          <h2>{title}</h2>
          <p>{hint}</p>
        </div>
      </div>
      {summary && (
        <dl class="figures">
          <Figure name={words.rows} value={number(summary.count)} />
          <Figure name={words.total} value={`¥${yuan(summary.total)}`} />
          <Figure
            name={words.errors}
            value={number(summary.errors)}
            tone={summary.errors > 0 ? 'bad' : undefined}
            note={summary.errors > 0 ? words.inRows(number(summary.errorRows)) : undefined}
          />
          <Figure
            name={words.warnings}
            value={number(summary.warnings)}
            tone={summary.warnings > 0 ? 'look' : undefined}
          />
        </dl>
      )}
    </section>
  )
}

function judge() {
  const words = text.value.verdict
  const { summary } = snapshot.value ?? {}
  if (!summary) return { tone: 'look', Icon: CircleHelp, title: words.blocked, hint: words.blockedHint }
  if (summary.count === 0) return { tone: 'look', Icon: CircleHelp, title: words.empty, hint: words.emptyHint }
  if (summary.errors > 0) {
    const rows = number(Math.max(summary.errorRows, 1))
    return { tone: 'bad', Icon: OctagonAlert, title: words.bad(rows), hint: words.badHint }
  }
  if (summary.warnings > 0) return { tone: 'look', Icon: TriangleAlert, title: words.look, hint: words.lookHint }
  return { tone: 'good', Icon: CircleCheck, title: words.good, hint: words.goodHint }
}

function Figure({
  name,
  value,
  tone,
  note,
}: {
  name: string
  value: string
  tone?: string | undefined
  note?: string | undefined
}) {
  return (
    <div class={`figure ${tone ? `figure-${tone}` : ''}`}>
      <dt>{name}</dt>
      <dd>
        {value}
        {note && <small>{note}</small>}
      </dd>
    </div>
  )
}
