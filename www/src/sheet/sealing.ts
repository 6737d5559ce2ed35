/** Rows with their names sealed for WeChat Pay's public key. What it gives holds no name in the clear. */
import type { WechatLimits } from 'payseal'
import { nameSealer, type SealingKey } from './core'
import type { SealedFile } from './protocol'
import type { Session } from './session'

/** The field of WeChat Pay that has to be sealed. Ping++ has none: it takes names in the clear. */
const SEALED = 'user_name'
const PIECE = 200

export async function sealedRows(
  session: Session,
  key: SealingKey,
  onProgress: (done: number, total: number) => void,
): Promise<SealedFile> {
  const { target, limits } = session.purpose
  const sealer = nameSealer(key, limits as WechatLimits)
  const { rows, count, total, hash } = session.result()
  const named = rows.filter(row => typeof row[SEALED] === 'string')
  for (let from = 0; from < named.length; from += PIECE) {
    const piece = named.slice(from, from + PIECE)
    const ciphertexts = await Promise.all(piece.map(row => sealer.seal(row[SEALED] as string)))
    for (const [at, row] of piece.entries()) row[SEALED] = ciphertexts[at]
    onProgress(Math.min(from + PIECE, named.length), named.length)
  }
  // What was approved on this page, and the same of the rows as they stand in the file, which a server can check.
  const hashes = { approvalHash: hash, ...(target === 'wechat-batch' && { sealedHash: sealer.approvalHash(rows) }) }
  const file = { wechatpaySerial: key.id, sealed: [SEALED], ...hashes, count, total, rows }
  return { bytes: new TextEncoder().encode(JSON.stringify(file)), names: named.length, rows: rows.length }
}
