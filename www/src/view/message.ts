/** What an issue says, in the words of the sheet rather than of the wire. */
import type { Mark } from '../sheet/protocol'
import { targetColumns } from '../state/panel'
import { locale } from '../text'

export function fieldLabel(field: string): string {
  return targetColumns.value.find(column => column.field === field)?.label[locale.value] ?? field
}

export function messageOf({ messages, field }: Pick<Mark, 'messages' | 'field'>): string {
  const message = messages[locale.value]
  const label = fieldLabel(field)
  // Messages begin with the field: its wire name in English, and nothing between it and the rest in Chinese.
  if (field && message.startsWith(`${field} `)) return label + message.slice(field.length)
  if (locale.value === 'zh' && message.startsWith(label)) return `${label}：${message.slice(label.length)}`
  return message
}
