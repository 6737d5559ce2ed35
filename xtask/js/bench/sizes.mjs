// S10: what a host downloads. It loads one of the core's two modules; the others only when they are needed.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const goal = 110 * 1024

export function sizes(folder) {
  return readdirSync(folder)
    .filter(name => name.endsWith('.wasm'))
    .sort()
    .map(file => {
      const module = readFileSync(join(folder, file))
      const brotli = brotliCompressSync(module).length
      const isCore = file.startsWith('core')
      return {
        id: 'S10',
        job: `size of ${file}, brotli`,
        file,
        ours_bytes: brotli,
        raw: module.length,
        gzip: gzipSync(module, { level: 9 }).length,
        brotli,
        goal: isCore ? goal : null,
        met: isCore ? brotli <= goal : null,
      }
    })
}
