// The floor of whatever seals names: the sealing alone, in the core, without a sheet, rules, bodies, hashes or signatures. Browsers run this too.

/** The names of a sheet of WeChat Pay. */
export async function namesOf(csv) {
  const { readSheet } = await import('payseal/sheet')
  const { rows } = await readSheet(csv, { target: 'wechat-batch' })
  return rows.map(row => new TextEncoder().encode(row.user_name))
}

/** Seals all of them at once, each time it is called. The core is one of its own: the package gives nobody its keys. */
export async function sealingAlone(certificate, names) {
  await import(globalThis.process ? '../../../pkg/dist/entry/node.js' : '../../../pkg/dist/entry/web.js')
  const { core } = await import('../../../pkg/dist/core.js')
  const key = core.PublicKey.parse(new TextEncoder().encode(certificate))
  const lengths = Uint32Array.from(names, name => name.length)
  const all = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let at = 0
  for (const name of names) {
    all.set(name, at)
    at += name.length
  }
  return () => key.encrypt(all, lengths)
}
