import type { ChartConfiguration } from 'chart.js'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Amounts, Bin, Kind } from '../sheet/protocol'
import { client, snapshot } from '../state/panel'
import { dark } from '../state/theme'
import { locale, number, text, yuan } from '../text'
import { messageOf } from './message'

/** Pictures, each with the same numbers as a table. */
export function ChartsTab() {
  const words = text.value.charts
  const { summary, kinds = [] } = snapshot.value ?? {}
  const amounts = useAmounts()
  if (!summary) return <p class="empty muted">{words.none}</p>
  const bins = amounts?.bins ?? []
  const most = bins.reduce<Bin | undefined>((best, bin) => (bin.count > (best?.count ?? 0) ? bin : best), undefined)
  const top = kinds.slice(0, 8)
  return (
    <>
      <h3 class="side-heading">{words.amounts}</h3>
      {most && <p class="muted hint">{words.summary(rangeOf(most), number(most.count))}</p>}
      <Picture label={words.amounts} height={220} config={bins.length > 0 ? histogram(bins) : undefined} />
      {amounts && amounts.unreadable > 0 && <p class="muted hint">{words.unreadable(number(amounts.unreadable))}</p>}
      <Numbers
        head={[words.range, words.payments, words.sum]}
        body={bins.map(bin => [rangeOf(bin), number(bin.count), `¥${yuan(bin.sum)}`])}
      />
      <h3 class="side-heading">{words.kinds}</h3>
      <Picture label={words.kinds} height={44 + top.length * 34} config={top.length > 0 ? kindBars() : undefined} />
      <Numbers head={[words.kind, words.count]} body={kinds.map(kind => [messageOf(kind), number(kind.count)])} />
    </>
  )
}

function rangeOf({ from, to }: Bin): string {
  const short = (fen: number) => (fen % 100 === 0 ? number(fen / 100) : yuan(fen))
  return to === Number.POSITIVE_INFINITY ? text.value.charts.from(`¥${short(from)}`) : `¥${short(from)}–${short(to)}`
}

function useAmounts(): Amounts | undefined {
  const [amounts, setAmounts] = useState<Amounts>()
  const { generation } = snapshot.value ?? {}
  // another generation has other amounts
  useEffect(() => {
    let late = false
    const load = async () => {
      const found = await (await client()).amounts()
      if (!late) setAmounts(found)
    }
    void load()
    return () => {
      late = true
    }
  }, [generation])
  return amounts
}

function histogram(bins: Bin[]): ChartConfiguration<'bar'> {
  const { ink, line, accent } = colours()
  return {
    type: 'bar',
    data: {
      labels: bins.map(({ from }) => `¥${number(from / 100)}`),
      datasets: [
        {
          data: bins.map(({ count }) => count),
          backgroundColor: accent,
          borderRadius: 3,
          categoryPercentage: 1,
          barPercentage: 0.94,
        },
      ],
    },
    options: {
      ...common,
      plugins: {
        legend: { display: false },
        tooltip: {
          callbacks: {
            title: ([item]) => rangeOf(bins[item?.dataIndex ?? 0] as Bin),
            label: ({ dataIndex }) => `${number(bins[dataIndex]?.count ?? 0)} · ¥${yuan(bins[dataIndex]?.sum ?? 0)}`,
          },
        },
      },
      scales: {
        x: { grid: { display: false }, ticks: { color: ink, maxRotation: 60 }, border: { color: line } },
        y: { grid: { color: line }, ticks: { color: ink, precision: 0 }, border: { display: false } },
      },
    },
  }
}

function kindBars(): ChartConfiguration<'bar'> {
  const { ink, line, bad, look } = colours()
  const kinds = (snapshot.value?.kinds ?? []).slice(0, 8)
  const label = (kind: Kind) => `${shortened(messageOf(kind), 20)}  ${number(kind.count)}`
  return {
    type: 'bar',
    data: {
      labels: kinds.map(label),
      datasets: [
        {
          data: kinds.map(({ count }) => count),
          backgroundColor: kinds.map(({ severity }) => (severity === 'error' ? bad : look)),
          borderRadius: 3,
          barPercentage: 0.8,
        },
      ],
    },
    options: {
      ...common,
      indexAxis: 'y',
      plugins: {
        legend: { display: false },
        tooltip: { callbacks: { title: ([item]) => messageOf(kinds[item?.dataIndex ?? 0] as (typeof kinds)[0]) } },
      },
      scales: {
        // One frequent kind would flatten all others; how many there are stands in the label.
        x: { type: 'logarithmic', min: 0.5, display: false },
        y: {
          grid: { display: false },
          ticks: { color: ink },
          border: { color: line },
          // Chart.js would give the words half of the width at most, and cut their beginning.
          afterFit: scale => {
            scale.width = 184
          },
        },
      },
    },
  }
}

/** Full-width characters take two places. */
function shortened(message: string, places: number): string {
  let left = places
  const kept = [...message].findIndex(c => {
    left -= c > '\u2e7f' ? 2 : 1
    return left < 0
  })
  return kept < 0 ? message : `${[...message].slice(0, kept).join('')}…`
}

const common = { animation: false, responsive: true, maintainAspectRatio: false } as const

/** Chart.js draws on a canvas, which knows nothing of the style sheet. */
function colours() {
  const probe = document.createElement('span')
  document.body.append(probe)
  const read = (name: string) => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const found = { ink: read('muted'), line: read('line'), accent: read('accent'), bad: read('bad'), look: read('look') }
  probe.remove()
  return found
}

function Picture({
  label,
  height,
  config,
}: {
  label: string
  height: number
  config: ChartConfiguration<'bar'> | undefined
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const key = JSON.stringify([config?.data, dark.value, locale.value])
  // drawn again when what is drawn changed, not when the object did
  useEffect(() => {
    let chart: { destroy(): void } | undefined
    let late = false
    const draw = async () => {
      const { BarChart } = await import('./chart')
      if (canvas.current && config && !late) chart = new BarChart(canvas.current, config)
    }
    void draw()
    return () => {
      late = true
      chart?.destroy()
    }
  }, [key])
  if (!config) return <p class="muted hint">{text.value.charts.none}</p>
  return (
    <div class="picture" style={{ height: `${height}px` }}>
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  )
}

function Numbers({ head, body }: { head: string[]; body: string[][] }) {
  if (body.length === 0) return null
  return (
    <details class="numbers">
      <summary>{text.value.charts.asTable}</summary>
      <table>
        <thead>
          <tr>
            {head.map(title => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map(([first, ...rest]) => (
            <tr key={first}>
              <th scope="row">{first}</th>
              {rest.map((value, at) => (
                <td key={at}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
