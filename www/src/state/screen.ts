/** Whether the screen is too narrow for rows and panels side by side. */
import { signal } from '@preact/signals'

const query = matchMedia('(max-width: 60rem)')

export const narrow = signal(query.matches)

query.addEventListener('change', ({ matches }) => {
  narrow.value = matches
})
