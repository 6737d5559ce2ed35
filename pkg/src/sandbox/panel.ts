import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { emptyReply, type Incoming, type Reply } from './http.js'

/** Where the panel is served. */
export const PANEL_PATH = '/panel/'

/** Where a build puts the panel: beside the package's own files. */
const BUILT = fileURLToPath(new URL('../../panel', import.meta.url))

/** What the panel needs and nothing more: its own files, and WebAssembly. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** Answers requests for pages of the panel; undefined for every other path. */
export type Panel = (request: Pick<Incoming, 'method' | 'path'>) => Reply | undefined

/**
 * Serves a built panel from memory: a path is looked up, never joined to a folder.
 *
 * @param folder what `cargo xtask panel` built; by default what is beside this package
 * @returns undefined where there is no panel
 * @throws {Error} if a folder was given and holds no panel
 */
export function panelPages(folder?: string): Panel | undefined {
  const root = folder ?? BUILT
  if (!existsSync(join(root, 'index.html'))) {
    if (folder !== undefined) throw new Error('the panel folder holds no index.html')
    return undefined
  }
  const files = new Map<string, Reply>()
  for (const entry of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const type = types[extname(entry)]
    if (type) files.set(PANEL_PATH + entry.replaceAll('\\', '/'), page(readFileSync(join(root, entry)), type))
  }
  return ({ method, path }) => {
    if (method !== 'GET' && method !== 'HEAD') return undefined
    // Its own links are relative, so the folder has to end in a slash.
    if (`${path}/` === PANEL_PATH) return { ...emptyReply(302), headers: { Location: PANEL_PATH } }
    const reply = files.get(path === PANEL_PATH ? `${PANEL_PATH}index.html` : path)
    return reply && method === 'HEAD' ? { ...reply, body: Buffer.alloc(0) } : reply
  }
}

function page(body: Buffer, type: string): Reply {
  const headers = {
    'Content-Type': type,
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-cache',
  }
  return { status: 200, headers, body }
}
