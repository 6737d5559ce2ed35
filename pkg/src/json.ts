/** Objects → JSON text for the core, which alone decides what is valid. */
import { BatchError } from './errors.js'

/**
 * The JSON text of an object, or a text as it is. Amounts may be BigInt; one beyond 2^53 is written so that the core refuses it.
 *
 * @throws {BatchError} ERR_BODY_FORMAT for a cycle, or for something that JSON has no form for
 */
export function jsonText(input: unknown): string {
  return typeof input === 'string' ? input : write(input, amounts)
}

/**
 * The JSON text of an object that nobody checks afterwards.
 *
 * @throws {BatchError} ERR_BODY_FORMAT as `jsonText`, and for a BigInt beyond 2^53
 */
export function exactJsonText(input: unknown): string {
  return write(input, exactly)
}

function write(input: unknown, replace: (name: string, value: unknown) => unknown): string {
  let written: string | undefined
  try {
    written = plain(input) ?? JSON.stringify(input, replace)
  } catch (error) {
    if (error instanceof BatchError) throw error
    throw new BatchError(
      'ERR_BODY_FORMAT',
      'this object cannot be written as JSON: it refers to itself, or is nested too deeply',
    )
  }
  if (written === undefined) throw new BatchError('ERR_BODY_FORMAT', 'there is nothing here that JSON can write')
  return written
}

/** The fast way, for objects without BigInt. */
function plain(input: unknown): string | undefined {
  try {
    return JSON.stringify(input)
  } catch {
    return undefined
  }
}

const tooMuch = 2 ** 53

function isSafe(value: bigint): boolean {
  return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER
}

function exactly(_: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  if (isSafe(value)) return Number(value)
  throw new BatchError('ERR_BODY_FORMAT', 'a number beyond 2^53 would lose digits here: pass the body as text')
}

function amounts(_: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return isSafe(value) ? Number(value) : Math.sign(Number(value)) * tooMuch
}
