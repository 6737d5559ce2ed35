/** A body that is not the JSON a payment API takes; `message` says why and never quotes the body. */
export class JsonError extends Error {}

/** An object of a request body. */
export type JsonObject = { [name: string]: unknown }

/**
 * Reads a request body: UTF-8 without a byte order mark, holding one JSON object.
 *
 * Integers must be written as such: `1.0` and `1e2` are integers to JavaScript, not to a payment API.
 *
 * @param integers the members that must be; every number of the body when absent.
 * @throws {JsonError} if the bytes are anything else.
 */
export function readObject(body: Uint8Array, integers?: readonly string[]): JsonObject {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw new JsonError('the body is not UTF-8')
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new JsonError('the body is not JSON')
  }
  if (!isObject(value)) throw new JsonError('the body is not a JSON object')
  const wrong = integers
    ? new RegExp(`"(?:${integers.join('|')})"\\s*:\\s*-?\\d+[.eE]`).test(text)
    : /\d[.eE]/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, ''))
  if (wrong) throw new JsonError('a number is not written as a plain integer')
  return value
}

/** Whether a value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Writes a value with its members in a fixed order, so that two spellings of the same parameters are equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    isObject(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : member,
  )
}
