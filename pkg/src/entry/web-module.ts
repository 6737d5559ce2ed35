/** Where the core lies, for pages and their workers. */
import { relaxed } from './relaxed.js'

// Written out twice, because bundlers look for exactly this.
export const module: URL = relaxed
  ? new URL('../../wasm/core_relaxed_bg.wasm', import.meta.url)
  : new URL('../../wasm/core_bg.wasm', import.meta.url)
