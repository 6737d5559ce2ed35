/** Hands bytes to the browser as a download. */

import type { FileFormat } from '../sheet/contract'
import type { Download } from '../sheet/protocol'
import { locale, text } from '../text'
import { announcement, file, target, working } from './panel'

const types = {
  csv: 'text/csv;charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json',
}

export function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const type = types[name.split('.').at(-1) as keyof typeof types]
  const url = URL.createObjectURL(new Blob([bytes], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has begun by then; the bytes need not stay.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
  announcement.value = text.value.files.done(name)
}

/** The file's name without its ending. */
export function stem(): string {
  return (file.value?.name ?? 'payouts').replace(/\.[^.]*$/, '')
}

const endings: Record<Download, string> = {
  csv: 'corrected.csv',
  xlsx: 'corrected.xlsx',
  'report-csv': 'issues.csv',
  'report-xlsx': 'issues.xlsx',
}

export async function download(what: Download): Promise<void> {
  const bytes = await working(text.value.busy.write, worker => worker.download(what, locale.value))
  if (bytes) save(bytes, `${stem()}.${endings[what]}`)
}

export async function downloadTemplate(format: FileFormat): Promise<void> {
  const made = await working(text.value.busy.write, worker => worker.template(target.value, format, locale.value))
  if (made) save(made, `payseal-${target.value.replace(':', '-')}.${format}`)
}
