/** Light, dark, or what the system says. */
import { computed, effect, signal } from '@preact/signals'
import { recall, remember } from './memory'

export type Theme = 'system' | 'light' | 'dark'

export const theme = signal<Theme>(kept())

const darkSystem = matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = signal(darkSystem.matches)
darkSystem.addEventListener('change', ({ matches }) => {
  systemIsDark.value = matches
})

export const dark = computed(() => (theme.value === 'system' ? systemIsDark.value : theme.value === 'dark'))

effect(() => {
  document.documentElement.dataset.theme = theme.value
})

export function setTheme(next: Theme): void {
  theme.value = next
  remember('theme', next)
}

function kept(): Theme {
  const name = recall('theme')
  return name === 'light' || name === 'dark' ? name : 'system'
}
