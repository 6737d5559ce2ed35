// A progress bar where there is a terminal, and plain lines where there is none.

import cliProgress from 'cli-progress'

/** Formats a count with separators. */
export const grouped = number => number.toLocaleString('en-US')

/** Starts the bar of one stage; `advance` moves it, `stop` leaves it standing. */
export function stage(label, total) {
  const start = performance.now()
  const name = label.padEnd(8)
  let done = 0
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`
  if (!process.stdout.isTTY) {
    return {
      advance(count) {
        done += count
        console.log(`${name} ${grouped(done).padStart(6)} of ${grouped(total)} payees  ${seconds()}`)
      },
      stop() {},
    }
  }
  const bar = new cliProgress.SingleBar(
    {
      format: `${name} {bar} {done} of ${grouped(total)} payees  {time}`,
      hideCursor: true,
      fps: 20,
      stream: process.stdout,
    },
    cliProgress.Presets.shades_classic,
  )
  bar.start(total, 0, { done: grouped(0).padStart(6), time: seconds() })
  return {
    advance(count) {
      done += count
      bar.update(done, { done: grouped(done).padStart(6), time: seconds() })
    },
    stop() {
      bar.stop()
    },
  }
}
