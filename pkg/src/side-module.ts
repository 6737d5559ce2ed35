/** WebAssembly modules beside the core: fetched when they are first needed, since few need them. */
import { boundary, type Declared } from './boundary.js'
import { KeyError } from './errors.js'

/** One of them, which exports what `Exports` says. */
export interface SideModule<Exports> {
  /** Called once, by the entry: how this host gets the module. Nothing is loaded yet. The compiler compares what Rust exports with `Exports`. */
  comesFrom(loader: () => Promise<Declared<Exports>>): void
  /**
   * The module, loaded by the first call. A load that failed, say because the network was down, is tried again.
   *
   * @throws {KeyError} ERR_ENGINE_UNAVAILABLE if it does not load, or no entry said how to load it
   */
  get(): Promise<Exports>
}

/**
 * @param purpose what the module is for
 * @param unavailable what to say where no entry said how to load it
 */
export function sideModule<Exports extends object>(purpose: string, unavailable: string): SideModule<Exports> {
  const stopped = `the WebAssembly module for ${purpose} has stopped after an internal fault and is not used again: restart the process or reload the page; query whatever was being sent`
  let load: (() => Promise<Declared<Exports>>) | undefined
  let loaded: Promise<Exports> | undefined

  async function start(): Promise<Exports> {
    if (!load) throw new KeyError('ERR_ENGINE_UNAVAILABLE', unavailable)
    try {
      return boundary(stopped).guard((await load()) as Exports)
    } catch (cause) {
      const unloaded = `the WebAssembly module for ${purpose} did not load: try again, or look at the cause`
      throw Object.assign(new KeyError('ERR_ENGINE_UNAVAILABLE', unloaded), { cause })
    }
  }

  return {
    comesFrom(loader) {
      load = loader
    },
    get() {
      loaded ??= start().catch(error => {
        loaded = undefined
        throw error
      })
      return loaded
    },
  }
}
