/** `payseal/sheet`, with the core started as `payseal` starts it. */
import './web.js'
import { useFiles } from '../files.js'

useFiles(async () => {
  const glue = await import('../../wasm/files.js')
  await glue.default({ module_or_path: new URL('../../wasm/files_bg.wasm', import.meta.url) })
  return glue
})

export * from '../sheet.js'
