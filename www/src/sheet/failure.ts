/** Errors do not keep their `code` on the way to the page; this does. */
import type { Failure } from './protocol'

export function failure(error: unknown): Failure {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  return {
    code: typeof code === 'string' ? code : 'ERR_UNEXPECTED',
    detail: typeof message === 'string' ? message : '',
  }
}
