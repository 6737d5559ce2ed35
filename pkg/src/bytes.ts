/** Text, bytes and base64. */
import { BatchError } from './errors.js'
import type { Bytes } from './types.js'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 bytes of a text; half a character becomes a replacement character. */
export function utf8(text: string): Bytes {
  return encoder.encode(text) as Bytes
}

/** UTF-8 bytes of a text that will be signed or sealed. @throws {BatchError} ERR_BODY_FORMAT for half a character */
export function wellFormed(text: string): Bytes {
  if (/\p{Surrogate}/u.test(text)) {
    throw new BatchError('ERR_BODY_FORMAT', 'the text holds half a character (a lone surrogate)')
  }
  return utf8(text)
}

/** The text of UTF-8 bytes. @throws {TypeError} when they are not UTF-8. */
export function text(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** Bytes as bytes, whatever view they come in; undefined for anything else. Never a copy unless the memory is shared. */
export function asBytes(input: unknown): Bytes | undefined {
  if (input instanceof ArrayBuffer) return new Uint8Array(input)
  if (input instanceof Uint8Array && input.buffer instanceof ArrayBuffer) return input as Bytes
  if (!ArrayBuffer.isView(input)) {
    // Another realm's ArrayBuffer (a test runner, an edge sandbox) is no instance of ours.
    return Object.prototype.toString.call(input) === '[object ArrayBuffer]'
      ? new Uint8Array(input as ArrayBuffer)
      : undefined
  }
  const view = new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
  return input.buffer instanceof ArrayBuffer ? (view as Bytes) : new Uint8Array(view)
}

/** Standard base64 with padding. */
export function base64(bytes: Uint8Array): string {
  let binary = ''
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}

/** Bytes of standard base64; undefined when it is not exactly that. */
export function unbase64(encoded: string): Bytes | undefined {
  if (encoded.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) return undefined
  try {
    const binary = atob(encoded)
    return Uint8Array.from(binary, character => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
