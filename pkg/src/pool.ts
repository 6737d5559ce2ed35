/**
 * Sealing on several threads. A large batch is cut into parts, one per thread, and put together in order; the event loop stays free meanwhile.
 * Sealing has no side effects, so whatever a thread does not do is done where the call came from: a pool changes when, never what.
 */
import type { PublicOperations } from './engine.js'
import { KeyError } from './errors.js'
import type { Bytes, Engine } from './types.js'

/** What a thread is asked. It reads a key once and knows it again. */
export interface SealOrder {
  readonly id: number
  readonly engine: Engine
  readonly spki: Bytes
  /** As `PublicOperations.encrypt` takes them. */
  readonly plaintexts: Bytes
  readonly lengths: Uint32Array<ArrayBuffer>
}

/** What a thread says: with the id 0 that it is ready, otherwise the answer to an order; without ciphertexts, it failed. */
export interface SealAnswer {
  readonly id: number
  readonly ciphertexts?: Bytes | undefined
}

/** One thread, as the host gives it. */
export interface Thread {
  /** `moved` belongs to the thread from here on. */
  post(order: SealOrder, moved: ArrayBuffer[]): void
  /** Whether the process has to wait for it. */
  hold(busy: boolean): void
  end(): Promise<void>
}

/** Starts a thread, or throws. After `gone` nothing more comes. */
export type StartThread = (on: { answer(answer: SealAnswer): void; gone(): void }) => Thread

/**
 * Fewer texts are sealed at once where the call came from: cutting, two messages and the wake-up of a thread cost about as much as
 * sealing a few dozen texts.
 */
const LEAST = 256
/** Texts that are sealed here, while the threads start, before looking whether they are ready. */
const SLICE = 256
/** More threads than this are a mistake in the configuration. */
const MOST_THREADS = 64

let load: (() => Promise<StartThread>) | undefined

/** Called once, by the entry of a host that has threads. */
export function useThreads(found: (() => Promise<StartThread>) | undefined): void {
  load = found
}

/** Texts to seal, in memory that belongs to the caller. */
interface Texts {
  readonly plaintexts: Uint8Array
  readonly lengths: Uint32Array
}

/**
 * @param workers how many threads; none is no pool
 * @throws {KeyError} ERR_OPTIONS, ERR_ENGINE_UNAVAILABLE
 */
export function sealingPool(workers: unknown, engine: Engine): SealingPool | undefined {
  if (!Number.isInteger(workers) || Number(workers) < 0 || Number(workers) > MOST_THREADS)
    throw new KeyError('ERR_OPTIONS', `workers must be a number of threads, 0 to ${MOST_THREADS}`)
  if (workers === 0) return undefined
  if (load) return new SealingPool(Number(workers), engine, load)
  throw new KeyError('ERR_ENGINE_UNAVAILABLE', 'this host has no worker threads: leave workers out')
}

/** Threads that start with the first large batch and stay. */
export class SealingPool {
  readonly #workers: number
  readonly #engine: Engine
  readonly #load: () => Promise<StartThread>
  readonly #members = new Set<Member>()
  #starting: Promise<void> | undefined
  /** Closed, or on a host that starts no thread after all. */
  #over = false

  constructor(workers: number, engine: Engine, load: () => Promise<StartThread>) {
    this.#workers = workers
    this.#engine = engine
    this.#load = load
  }

  /** Whether there are threads, or will be. */
  get isOpen(): boolean {
    return !this.#over
  }

  /** A key whose large batches go through the pool. */
  around(own: PublicOperations, spki: Bytes): PublicOperations {
    return {
      verify: (message, signature) => own.verify(message, signature),
      encrypt: (plaintexts, lengths) => {
        if (this.#over || lengths.length < LEAST) return own.encrypt(plaintexts, lengths)
        return this.#seal(own, spki, { plaintexts, lengths })
      },
    }
  }

  /** Ends the threads. Whatever they were sealing is sealed here, and so is everything later. */
  async close(): Promise<void> {
    this.#over = true
    await Promise.all([...this.#members].map(member => member.end()))
  }

  async #seal(own: PublicOperations, spki: Bytes, all: Texts): Promise<Bytes> {
    const sealed: Bytes[] = []
    let rest = all
    this.#fill()
    // Waiting for threads to start would take longer than sealing a batch of ordinary size.
    while (this.#ready().length === 0 && this.#isStarting() && rest.lengths.length > SLICE) {
      const [slice, others] = cut(rest, SLICE)
      sealed.push(await own.encrypt(slice.plaintexts, slice.lengths))
      rest = others
      await turn()
    }
    const crew = rest.lengths.length < LEAST ? [] : this.#ready()
    if (crew.length === 0) sealed.push(await own.encrypt(rest.plaintexts, rest.lengths))
    else sealed.push(...(await this.#share(crew, own, spki, rest)))
    return joined(sealed)
  }

  /** A part for each of the crew; their ciphertexts in order. */
  async #share(crew: Member[], own: PublicOperations, spki: Bytes, all: Texts): Promise<Bytes[]> {
    let rest = all
    const orders = crew.map((member, index) => {
      const [part, others] = cut(rest, Math.ceil(rest.lengths.length / (crew.length - index)))
      rest = others
      return { part, sealed: member.seal({ engine: this.#engine, spki, ...copied(part) }) }
    })
    // Nobody is left alone with an answer that nobody waits for: all of them first, then what is missing.
    await Promise.all(orders.map(({ sealed }) => sealed))
    const whole: Bytes[] = []
    for (const { part, sealed } of orders) {
      // Where a thread died or could not, the reason is met here, where it can be told.
      whole.push((await sealed) ?? (await own.encrypt(part.plaintexts, part.lengths)))
    }
    return whole
  }

  #ready(): Member[] {
    return [...this.#members].filter(member => member.state === 'ready')
  }

  #isStarting(): boolean {
    return (
      !this.#over && (this.#starting !== undefined || [...this.#members].some(member => member.state === 'starting'))
    )
  }

  /** Starts the threads that are missing. */
  #fill(): void {
    if (this.#members.size >= this.#workers) return
    this.#starting ??= this.#load()
      .then(start => {
        while (!this.#over && this.#members.size < this.#workers) {
          this.#members.add(new Member(start, member => this.#lost(member)))
        }
      })
      .catch(() => {
        this.#over = true
      })
      .finally(() => {
        this.#starting = undefined
      })
  }

  #lost(member: Member): void {
    this.#members.delete(member)
    // A policy of the page, or a bundler that left the file out: the next one would not start either.
    if (member.state === 'starting') this.#over = true
  }
}

/** One thread and what it was asked. */
class Member {
  state: 'starting' | 'ready' | 'gone' = 'starting'
  readonly #thread: Thread
  readonly #pending = new Map<number, (ciphertexts: Bytes | undefined) => void>()
  #last = 0

  constructor(start: StartThread, lost: (member: Member) => void) {
    this.#thread = start({
      answer: ({ id, ciphertexts }) => {
        if (this.state === 'starting') this.state = 'ready'
        this.#settle(id, ciphertexts)
      },
      gone: () => {
        if (this.state !== 'gone') lost(this)
        this.#leave()
      },
    })
    this.#thread.hold(false)
  }

  /** Resolves to undefined when the thread could not. The texts are the thread's afterwards. */
  seal(order: Omit<SealOrder, 'id'>): Promise<Bytes | undefined> {
    if (this.state === 'gone') return Promise.resolve(undefined)
    this.#last += 1
    const id = this.#last
    return new Promise(resolve => {
      this.#pending.set(id, resolve)
      this.#thread.hold(true)
      this.#thread.post({ id, ...order }, [order.plaintexts.buffer, order.lengths.buffer])
    })
  }

  async end(): Promise<void> {
    this.#leave()
    await this.#thread.end()
  }

  #leave(): void {
    this.state = 'gone'
    for (const id of this.#pending.keys()) this.#settle(id, undefined)
  }

  #settle(id: number, ciphertexts: Bytes | undefined): void {
    const settle = this.#pending.get(id)
    // It may say that it is ready while it is being ended, and then the process has to wait for its end.
    if (!settle) return
    this.#pending.delete(id)
    if (this.#pending.size === 0) this.#thread.hold(false)
    settle(ciphertexts)
  }
}

/** The first `count` texts and the others, in the same memory. */
function cut({ plaintexts, lengths }: Texts, count: number): [Texts, Texts] {
  const bytes = lengths.subarray(0, count).reduce((sum, length) => sum + length, 0)
  return [
    { plaintexts: plaintexts.subarray(0, bytes), lengths: lengths.subarray(0, count) },
    { plaintexts: plaintexts.subarray(bytes), lengths: lengths.subarray(count) },
  ]
}

/** Memory of its own, which moves to the thread: nothing of it stays behind here. */
function copied({ plaintexts, lengths }: Texts): { plaintexts: Bytes; lengths: Uint32Array<ArrayBuffer> } {
  return { plaintexts: new Uint8Array(plaintexts), lengths: new Uint32Array(lengths) }
}

function joined(pieces: readonly Bytes[]): Bytes {
  const [first] = pieces
  if (first && pieces.length === 1) return first
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/** Lets what has arrived be heard. */
function turn(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0))
}
