import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault, Faults } from './faults.js'
import { emptyReply, htmlReply, type Incoming, type Reply } from './http.js'
import type { Panel } from './panel.js'
import type { Provider } from './provider.js'

/** Larger than any request the specs allow, in bytes. */
const LARGEST_BODY = 8 * 2 ** 20

/** Answers requests for one part of the paths. */
export type Handler = (request: Incoming) => Promise<Reply>

/** The HTTP server in front of the providers: raw bytes in, raw bytes out, and the faults of the wire between. */
export class SandboxServer {
  readonly #providers: readonly Provider[]
  readonly #control: Handler
  readonly #faults: Faults
  readonly #panel: Panel | undefined
  readonly #server: Server

  constructor(providers: readonly Provider[], control: Handler, faults: Faults, panel?: Panel) {
    this.#providers = providers
    this.#control = control
    this.#faults = faults
    this.#panel = panel
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => this.#fail(response, error))
    })
  }

  /** Listens on a loopback port, any free one for 0, and resolves to the address. */
  listen(port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', () => {
        resolve(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`)
      })
    })
  }

  /** Stops listening and cuts every connection. */
  close(): Promise<void> {
    return new Promise(resolve => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(message)
    if (!body) return send(response, emptyReply(413))
    const request = incoming(message, body)
    if (request.path.startsWith('/_sandbox/')) return send(response, await this.#control(request))
    const provider = this.#providers.find(({ prefix }) => request.path.startsWith(prefix))
    if (!provider) return send(response, this.#panel?.(request) ?? emptyReply(404))

    const before = this.#faults.take(request.path, ['drop-request', 'http-500', 'http-502-html', 'rate-limit'])
    if (before?.kind === 'drop-request') return cut(response)
    if (before) {
      if (before.processed) await provider.answer(request)
      return send(
        response,
        before.kind === 'http-502-html' ? BAD_GATEWAY : provider.seal(refusal(provider, before), request),
      )
    }

    const reply = provider.seal(await provider.answer(request), request)
    const after = this.#faults.take(request.path, ['drop-reply', 'delay', 'truncate'])
    if (after?.kind === 'drop-reply') return cut(response)
    if (after?.kind === 'delay') await sleep(after.ms, undefined, { ref: false })
    const kept = after?.kind === 'truncate' ? reply.body.subarray(0, reply.body.length >> 1) : reply.body
    send(response, { ...reply, body: kept })
  }

  /** A mistake of the sandbox itself must look like one, not like an answer of a provider. */
  #fail(response: ServerResponse, error: unknown): void {
    process.emitWarning(error instanceof Error ? error : String(error))
    if (response.headersSent) response.destroy()
    else send(response, htmlReply(500, 'the sandbox is broken: see the warning of its process'))
  }
}

const BAD_GATEWAY = htmlReply(502, '502 Bad Gateway')

function refusal(provider: Provider, fault: Fault): Reply {
  return provider.refuse(fault.kind === 'rate-limit' ? 'rate-limit' : 'http-500')
}

function incoming(message: IncomingMessage, body: Buffer): Incoming {
  const target = message.url ?? '/'
  const mark = target.indexOf('?')
  return {
    method: message.method ?? 'GET',
    target,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: message.headers,
    body,
  }
}

async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= LARGEST_BODY) chunks.push(chunk)
  }
  return size <= LARGEST_BODY ? Buffer.concat(chunks) : undefined
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'Content-Length': String(body.length) })
  response.end(body)
}

function cut(response: ServerResponse): void {
  response.socket?.destroy()
}
