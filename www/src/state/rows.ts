/** The rows that were fetched: pages around what is in view, never the whole file. */
import { signal } from '@preact/signals'
import type { Filter, Row, RowWindow } from '../sheet/protocol'

export const PAGE = 100
/** Pages that are kept: what is far from the view is fetched again when it comes back. */
const KEPT = 30

interface Page {
  generation: number
  rows: Row[]
}

export type Fetch = (filter: Filter, from: number, count: number) => Promise<RowWindow>

export class RowCache {
  /** Grows whenever rows arrive, so that views draw again. */
  readonly version = signal(0)
  readonly #fetch: Fetch
  #pages = new Map<number, Page>()
  #waiting = new Set<string>()
  #generation = 0
  #filter: Filter = { rows: 'all' }
  #epoch = 0

  constructor(fetch: Fetch) {
    this.#fetch = fetch
  }

  /** Other rows in view: what was fetched is of no use. */
  clear(filter: Filter): void {
    this.#filter = filter
    this.#pages.clear()
    this.#waiting.clear()
    this.#epoch += 1
    this.version.value += 1
  }

  /** The same rows with other content: shown until the new content is there. */
  stale(generation: number): void {
    this.#generation = generation
    this.#waiting.clear()
    this.version.value += 1
  }

  at(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.rows[index % PAGE]
  }

  /** Fetches what is missing between two indexes, both inclusive. */
  need(first: number, last: number): void {
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) {
      const key = `${this.#generation}/${page}`
      if (this.#pages.get(page)?.generation === this.#generation || this.#waiting.has(key)) continue
      this.#waiting.add(key)
      void this.#load(page, key, this.#epoch)
    }
  }

  async #load(page: number, key: string, epoch: number): Promise<void> {
    const { generation, rows } = await this.#fetch(this.#filter, page * PAGE, PAGE)
    if (epoch !== this.#epoch) return
    this.#waiting.delete(key)
    this.#pages.delete(page)
    this.#pages.set(page, { generation, rows })
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT) break
      this.#pages.delete(oldest)
    }
    this.version.value += 1
  }
}
