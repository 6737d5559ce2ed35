import type { RefObject } from 'preact'

/** A file input that a button opens; the button is what people see and reach. */
export function FilePicker({
  inputRef,
  label,
  onFile,
}: {
  inputRef: RefObject<HTMLInputElement>
  label: string
  onFile: (file: File) => void
}) {
  return (
    <input
      ref={inputRef}
      type="file"
      class="visually-hidden"
      accept=".csv,.txt,.tsv,.xlsx"
      aria-label={label}
      tabIndex={-1}
      onChange={({ currentTarget }) => {
        const chosen = currentTarget.files?.[0]
        // The same file may be chosen again after it was changed.
        currentTarget.value = ''
        if (chosen) onFile(chosen)
      }}
    />
  )
}
