/** `payseal/sheet`, with the core started as `payseal` starts it. */
import './workerd.js'
import { useFiles } from '../files.js'

useFiles(async () => {
  const [glue, { default: module }] = await Promise.all([
    import('../../wasm/files.js'),
    import('../../wasm/files_bg.wasm'),
  ])
  glue.initSync({ module })
  return glue
})

export * from '../sheet.js'
