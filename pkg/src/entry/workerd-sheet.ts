/** `payseal/sheet`, with the core started as `payseal` starts it. */
import './workerd.js'
import { files } from '../files.js'

// Here and not in `payseal`: a Worker carries every module that it may import, and few of them read such files.
files.comesFrom(async () => {
  const [glue, { default: module }] = await Promise.all([
    import('../../wasm/files.js'),
    import('../../wasm/files_bg.wasm'),
  ])
  glue.initSync({ module })
  return glue
})

export * from '../sheet.js'
