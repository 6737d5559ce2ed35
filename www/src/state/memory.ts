/** Choices that are kept between visits. Where storage is refused the page works all the same. */
const PREFIX = 'payseal-panel.'

export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined
  } catch {
    return undefined
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value)
  } catch {
    // A private window: the choice holds for this visit.
  }
}
