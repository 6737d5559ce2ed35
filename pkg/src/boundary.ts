/**
 * Between JavaScript and a WebAssembly module: turns its errors into our classes, and stops using it after a panic,
 * because a module that died half way through may hold anything.
 */
import { BatchError, errorClasses, failure, isErrorCode, PayoutError } from './errors.js'
import type { Issue } from './types.js'

/** The boundary of one module. */
export interface Boundary {
  /** Lets every call, construction and property of the module pass through here. */
  guard<T extends object>(target: T): T
  /** An error of the module → the class its code stands for. */
  translate(error: unknown): unknown
}

type Class = { new (...values: unknown[]): object; [name: string]: unknown }

/** @param stopped what to say, and to do, once the module has panicked */
export function boundary(stopped: string): Boundary {
  let panicked = false

  const panic = () => new PayoutError('ERR_PANIC', stopped)

  /** Runs one step of the module and translates what it throws. */
  function run<T>(step: () => T): T {
    if (panicked) throw panic()
    try {
      return step()
    } catch (error) {
      throw translate(error)
    }
  }

  function translate(error: unknown): unknown {
    const { code, message, issues } = (error ?? {}) as { code?: unknown; message?: string; issues?: Issue[] }
    // A trap or an exhausted stack leaves the module's memory as it was at that instant: as bad as a panic.
    if (code === 'ERR_PANIC' || error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
      panicked = true
      return panic()
    }
    if (!isErrorCode(code) || code === 'ERR_PROVIDER') return error
    if (errorClasses[code] === 'BatchError') return new BatchError(code, message ?? code, issues ?? [])
    return failure(code, message ?? code)
  }

  function guard<T extends object>(target: T): T {
    return new Proxy(target, {
      get(object, name) {
        const value: unknown = run(() => Reflect.get(object, name, object))
        if (typeof value !== 'function') return value
        if (value.prototype?.free) return guardClass(value as Class)
        return (...values: unknown[]) => guardResult(run(() => Reflect.apply(value, object, values)))
      },
    })
  }

  /** What a call gave: a list of the module's own objects is guarded too. */
  function guardResult(value: unknown): unknown {
    return Array.isArray(value) && value[0]?.free ? value.map(guard) : value
  }

  function guardClass(target: Class): Class {
    return new Proxy(target, {
      construct: (_, values) => guard(run(() => new target(...values))),
      get: (_, name) => {
        // Other ways to make one, such as parse.
        const make = typeof name === 'string' && Object.hasOwn(target, name) ? target[name] : undefined
        if (typeof make !== 'function') return undefined
        return (...values: unknown[]) => guard(run(() => Reflect.apply(make, target, values) as object))
      },
    })
  }

  return { guard, translate }
}

/** What the declarations of the glue can say: they know neither whose memory bytes are in nor what is inside `any`. */
export type Declared<T> = T extends Uint8Array
  ? Uint8Array
  : T extends Uint32Array
    ? Uint32Array
    : T extends new (
          ...values: infer Values
        ) => infer Made
      ? new (
          ...values: Values
        ) => Declared<Made>
      : T extends (...values: infer Values) => infer Result
        ? (...values: { [Index in keyof Values]: Given<Values[Index]> }) => Declared<Result>
        : T extends object
          ? { [Name in keyof T]: Declared<T[Name]> }
          : T

/** One of the module's own objects, given back to it. The glue tells its classes apart at run time, so they are not compared here. */
type Given<T> = T extends { free(): void } ? never : T
