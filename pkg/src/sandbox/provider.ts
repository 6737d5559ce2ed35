import type { Clock } from './clock.js'
import type { Deliveries } from './deliveries.js'
import type { Faults } from './faults.js'
import type { Incoming, Reply } from './http.js'
import type { Ledger } from './ledger.js'

/** What all providers of one sandbox share. */
export interface World {
  readonly clock: Clock
  readonly faults: Faults
  readonly deliveries: Deliveries
  readonly ledger: Ledger
}

/** One payment provider: one folder, behind the shared server. */
export interface Provider {
  /** The beginning of every path it answers. */
  readonly prefix: string
  /** Carries a request out; what is wrong with it is said in the reply, never thrown. */
  answer(request: Incoming): Promise<Reply>
  /** The reply of a provider that refuses or fails before looking at a request. */
  refuse(kind: 'http-500' | 'rate-limit'): Reply
  /** Adds what the provider adds to a reply on its way out: identifiers and a signature. */
  seal(reply: Reply, request: Incoming): Reply
}
