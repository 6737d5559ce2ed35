/** What has to happen at some moment; a promise it returns is awaited by {@link Clock.advance}. */
export type Task = () => void | Promise<void>

/** The longest delay a Node timer takes, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * The business clock: real time plus everything that `advance` added.
 *
 * Batches finish and notifications are repeated on this clock. Signatures are not judged by it: callers keep their own time.
 */
export class Clock {
  #ahead = 0
  #advancing = false
  #queue: Promise<void> = Promise.resolve()
  #stopped = false
  #timer: NodeJS.Timeout | undefined
  readonly #tasks: { readonly due: number; readonly run: Task }[] = []

  /** The business time in Unix milliseconds. */
  now(): number {
    return Date.now() + this.#ahead
  }

  /** Runs `task` when the business time reaches `due` (Unix milliseconds); equal moments keep the order of the calls. */
  at(due: number, run: Task): void {
    if (this.#stopped) return
    const place = this.#tasks.findIndex(other => other.due > due)
    this.#tasks.splice(place < 0 ? this.#tasks.length : place, 0, { due, run })
    this.#arm()
  }

  /**
   * Moves the clock forward and runs everything that falls due on the way, in order, each at its own moment.
   *
   * @param seconds how far, not negative; fractions are allowed.
   * @returns a promise that resolves when every task on the way, deliveries included, is over.
   * @throws {RangeError} if `seconds` is not a finite number of at least 0.
   */
  advance(seconds: number): Promise<void> {
    if (!Number.isFinite(seconds) || seconds < 0) throw new RangeError('seconds must be a finite number of at least 0')
    const turn = this.#queue.then(() => this.#advance(seconds * 1000))
    this.#queue = turn.catch(() => {})
    return turn
  }

  /** Forgets every task and takes no more: nothing runs any more. */
  stop(): void {
    this.#stopped = true
    this.#tasks.length = 0
    clearTimeout(this.#timer)
  }

  async #advance(milliseconds: number): Promise<void> {
    const goal = this.#ahead + milliseconds
    this.#advancing = true
    clearTimeout(this.#timer)
    try {
      for (;;) {
        const next = this.#tasks[0]
        if (!next || next.due > Date.now() + goal) break
        this.#tasks.shift()
        this.#ahead = Math.max(this.#ahead, Math.min(goal, next.due - Date.now()))
        await next.run()
      }
    } finally {
      this.#ahead = goal
      this.#advancing = false
      this.#arm()
    }
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const next = this.#tasks[0]
    if (!next || this.#advancing) return
    const delay = Math.min(Math.max(next.due - this.now(), 0), LONGEST_TIMER)
    this.#timer = setTimeout(() => this.#runDue(), delay)
    this.#timer.unref()
  }

  /** In real time nobody waits for a delivery: a slow receiver must not hold the batches up. */
  #runDue(): void {
    while (this.#tasks[0] && this.#tasks[0].due <= this.now()) void this.#tasks.shift()?.run()
    this.#arm()
  }
}

/** Writes a moment as the Chinese payment APIs do: `yyyy-MM-DDTHH:mm:ss+08:00`. */
export function beijingTime(unixMilliseconds: number): string {
  return `${new Date(unixMilliseconds + BEIJING).toISOString().slice(0, 19)}+08:00`
}

/** The number of the calendar day in China, for limits that count natural days. */
export function beijingDay(unixMilliseconds: number): number {
  return Math.floor((unixMilliseconds + BEIJING) / 86_400_000)
}

const BEIJING = 8 * 3_600_000
