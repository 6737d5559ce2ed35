import type { IncomingHttpHeaders } from 'node:http'

/** One request as it arrived: nothing in it has been decoded, so signatures can be checked over it. */
export interface Incoming {
  readonly method: string
  /** The request target exactly as on the request line, percent-encoding and lone `?` included. */
  readonly target: string
  /** The target up to the first `?`. */
  readonly path: string
  /** The target after the first `?`; empty when there is none. */
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** One reply; its bytes are final, since they may be signed. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Builds a reply that carries `value` as compact JSON. */
export function jsonReply(status: number, value: unknown): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(value)),
  }
}

/** Builds a reply without a body, as gateways give for an unknown path or method. */
export function emptyReply(status: number): Reply {
  return { status, headers: {}, body: Buffer.alloc(0) }
}

/** Builds the reply of a broken gateway: a page where JSON was expected. */
export function htmlReply(status: number, title: string): Reply {
  return {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
    body: Buffer.from(`<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`),
  }
}

/** One header of a request as text; a repeated header is joined as HTTP says. */
export function headerOf(request: Incoming, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()]
  return Array.isArray(value) ? value.join(', ') : value
}

/** Whether `address` (a host of a URL, brackets allowed) can only be this machine. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(address)
}
