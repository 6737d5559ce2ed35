import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'

/** Writes the service worker, with the names of everything that was built. */
function offline(): Plugin {
  return {
    name: 'payseal-offline',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      // No private key comes to this page, so nobody asks for the module for them.
      const needed = Object.keys(bundle).filter(name => !/\bprivate/.test(name))
      const files = ['./', './icon.svg', ...needed.map(name => `./${name}`)]
      const source = readFileSync(new URL('./offline.js', import.meta.url), 'utf8')
      // Names carry the hash of their content; the page itself is made of these names, and of index.html.
      const version = createHash('sha256')
        .update(JSON.stringify(files) + source + readFileSync(new URL('./index.html', import.meta.url), 'utf8'))
        .digest('hex')
        .slice(0, 16)
      const filled = source.replace("['__FILES__']", JSON.stringify(files, null, 2)).replace('__VERSION__', version)
      this.emitFile({ type: 'asset', fileName: 'offline.js', source: filled })
    },
  }
}

export default defineConfig({
  // Works from any folder of any server.
  base: './',
  plugins: [offline()],
  build: {
    // Beside the package, where the sandbox looks for it.
    outDir: '../pkg/panel',
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari18'],
    // The policy of the page forbids data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
})
