// pkg/dist, one file a module, → pkg/dist/bundle, a few files a host: what a process has to find and read before its first
// signature. Each host gets its entries alone, so that nothing of another host comes along. The declarations stay as they are.

import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const dist = fileURLToPath(new URL('../../pkg/dist/', import.meta.url))
rmSync(`${dist}bundle`, { recursive: true, force: true })

const entries = {
  node: ['node', 'node-sheet', 'node-worker'],
  web: ['web', 'web-sheet', 'web-worker'],
  workerd: ['workerd', 'workerd-sheet'],
}
for (const [host, names] of Object.entries(entries)) {
  const bundle = await rolldown({
    input: Object.fromEntries(names.map(name => [name, `${dist}entry/${name}.js`])),
    // From dist/bundle the modules are as far as from dist/entry, and users' bundlers look for these very expressions.
    external: [/^node:/, /\.wasm$/],
    platform: 'neutral',
    onLog(level, log) {
      throw new Error(`rolldown: ${level}: ${log.message}`)
    },
  })
  await bundle.write({
    dir: `${dist}bundle`,
    entryFileNames: '[name].js',
    chunkFileNames: `${host}-[name].js`,
    comments: false,
  })
  await bundle.close()
}
