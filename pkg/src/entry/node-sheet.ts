/** `payseal/sheet`, with the core started as `payseal` starts it. */
import './node.js'
import { readFile } from 'node:fs/promises'
import { useFiles } from '../files.js'

useFiles(async () => {
  const [glue, module] = await Promise.all([
    import('../../wasm/files.js'),
    readFile(new URL('../../wasm/files_bg.wasm', import.meta.url)),
  ])
  glue.initSync({ module })
  return glue
})

export * from '../sheet.js'
