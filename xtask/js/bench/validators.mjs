// Who checks a sheet. Each imports only what it needs: once.mjs starts one alone.

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

/** How often each rule was broken: `{ 'V09 error': 12, … }`. */
export function tally({ issues }) {
  const counts = {}
  for (const { code, severity } of issues) {
    const key = `${code} ${severity}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return Object.fromEntries(Object.entries(counts).sort())
}
