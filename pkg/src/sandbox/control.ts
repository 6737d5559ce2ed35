import type { Delivery } from './deliveries.js'
import type { Fault } from './faults.js'
import { emptyReply, type Incoming, jsonReply, type Reply } from './http.js'
import { JsonError } from './json.js'
import type { LedgerEntry } from './ledger.js'
import type { Handler } from './server.js'

/** How a test steers a sandbox, in its own process or over HTTP. */
export interface Controls {
  /** What was really paid: one entry for each movement, oldest first. */
  ledger(): LedgerEntry[]
  /** Every notification and every attempt at it, oldest first. */
  deliveries(): Delivery[]
  /** Moves the business clock, does everything that falls due, and resolves when the deliveries of it are over. */
  advance(seconds: number): Promise<void>
  /** Arms a fault. @throws {TypeError} if there is no such fault; the message lists those there are. */
  fault(fault: Fault): void
  /** Adds a platform certificate to WeChat Pay, as its rotation does. */
  rotateCertificate(): Promise<{ serialNo: string; certificate: string }>
}

/**
 * The sandbox for other processes: `GET /_sandbox/ledger`, `/_sandbox/deliveries` and `/_sandbox/credentials`;
 * `POST /_sandbox/advance` `{"seconds"}`, `/_sandbox/faults` (a {@link Fault}) and `/_sandbox/rotate-certificate`.
 */
export function controlPages(controls: Controls, credentials: () => unknown): Handler {
  const pages: Record<string, (body: Record<string, unknown>) => unknown> = {
    'GET /_sandbox/ledger': () => controls.ledger(),
    'GET /_sandbox/deliveries': () => controls.deliveries(),
    'GET /_sandbox/credentials': () => credentials(),
    'POST /_sandbox/advance': async ({ seconds }) => {
      await controls.advance(seconds as number)
      return {}
    },
    'POST /_sandbox/faults': fault => {
      controls.fault(fault as unknown as Fault)
      return {}
    },
    'POST /_sandbox/rotate-certificate': () => controls.rotateCertificate(),
  }
  return async (request: Incoming): Promise<Reply> => {
    const page = pages[`${request.method} ${request.path}`]
    if (!page) return emptyReply(404)
    try {
      return jsonReply(200, await page(readParameters(request.body)))
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError || error instanceof JsonError)) throw error
      return jsonReply(400, { error: error.message })
    }
  }
}

/** Plain JSON: a number of seconds may have a fraction here. */
function readParameters(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {}
  try {
    return Object(JSON.parse(body.toString())) as Record<string, unknown>
  } catch {
    throw new JsonError('the body is not JSON')
  }
}
