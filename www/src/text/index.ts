/** The language of the page, and how numbers are written in it. */
import { computed, effect, signal } from '@preact/signals'
import type { Locale } from '../sheet/contract'
import { recall, remember } from '../state/memory'
import { en, type Text } from './en'
import { zh } from './zh'

export const languages: Record<Locale, Text> = { zh, en }

export const locale = signal<Locale>(preferred())

export const text = computed(() => languages[locale.value])

effect(() => {
  document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en'
  document.title = `${text.value.title} · payseal`
})

export function setLocale(next: Locale): void {
  locale.value = next
  remember('locale', next)
}

function preferred(): Locale {
  const kept = recall('locale')
  if (kept === 'zh' || kept === 'en') return kept
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

const grouped = new Intl.NumberFormat('en')

/** A whole number with separators, the same in both languages. */
export function number(value: number): string {
  return grouped.format(value)
}

/** Fen as yuan, exactly: no division of money. */
export function yuan(fen: number): string {
  const digits = String(fen).padStart(3, '0')
  return `${grouped.format(BigInt(digits.slice(0, -2)))}.${digits.slice(-2)}`
}
