/** Files dropped anywhere on the page. */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

export const dragging = signal(false)

export function useFileDrop(open: (file: File) => void): void {
  useEffect(() => {
    // dragenter and dragleave come for every element on the way.
    let depth = 0
    const carriesFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const enter = (event: DragEvent) => {
      if (!carriesFile(event)) return
      depth += 1
      dragging.value = true
    }
    const leave = () => {
      depth = Math.max(0, depth - 1)
      dragging.value = depth > 0
    }
    const over = (event: DragEvent) => {
      if (carriesFile(event)) event.preventDefault()
    }
    const drop = (event: DragEvent) => {
      if (!carriesFile(event)) return
      event.preventDefault()
      depth = 0
      dragging.value = false
      const file = event.dataTransfer?.files[0]
      if (file) open(file)
    }
    const listeners = { dragenter: enter, dragleave: leave, dragover: over, drop } as const
    for (const [name, listener] of Object.entries(listeners)) document.addEventListener(name as 'drop', listener)
    return () => {
      for (const [name, listener] of Object.entries(listeners)) document.removeEventListener(name as 'drop', listener)
    }
  }, [open])
}
