import { defineConfig } from 'vite'

export default defineConfig({
  // Works from any folder of any server.
  base: './',
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
