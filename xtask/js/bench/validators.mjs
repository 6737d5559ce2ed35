// Who checks a sheet. Each imports only what it needs: once.mjs starts one alone, and pages run them too.

import { limits } from './contenders.mjs'

export const validators = {
  async payseal() {
    const { checkSheet } = await import('payseal/sheet')
    return bytes => checkSheet(bytes, { target: 'wechat-batch', limits })
  },
  async 'PapaParse and checks by hand'() {
    const { check } = await import('./papaparse.mjs')
    return async bytes => check(bytes, limits)
  },
}

/** What no validator in wasm can be without, and nothing else: the bytes copied into its memory, piece by piece, and looked at whether they are UTF-8. */
export const floors = {
  async 'text copied and decoded'() {
    await import('../../../pkg/dist/entry/node.js')
    const { core } = await import('../../../pkg/dist/core.js')
    const piece = 64 * 2 ** 10
    return async bytes => {
      for (let at = 0; at < bytes.length; ) {
        const text = new core.SheetText('utf-8', piece)
        at += text.push(bytes.subarray(at, at + piece), at + piece >= bytes.length)
        text.free()
      }
      return { count: 0, issues: [] }
    }
  },
}

/** The check of a sound sheet, which has to find so many rows and nothing else. */
export const checked = (check, bytes, rows) => async () => {
  const { count, issues } = await check(bytes)
  if (count !== rows || issues.length > 0) throw new Error(`${count} rows and ${issues.length} issues in a sound sheet`)
}

/** How often each rule was broken: `{ 'V09 error': 12, … }`. */
export function tally({ issues }) {
  const counts = {}
  for (const { code, severity } of issues) {
    const key = `${code} ${severity}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return Object.fromEntries(Object.entries(counts).sort())
}
