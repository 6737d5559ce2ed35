import { CircleAlert, ShieldAlert, X } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { question } from '../state/ask'
import { busy, problem, secretRefused } from '../state/panel'
import { text } from '../text'

/** A line that runs while the worker works; it takes no room of its own. */
export function BusyBar() {
  const state = busy.value
  return (
    <div class="busy" role="status">
      {state && (
        <>
          <span class="visually-hidden">{state.label}</span>
          <progress aria-label={state.label} max={1} {...(state.progress !== undefined && { value: state.progress })} />
        </>
      )}
    </div>
  )
}

export function failureText(code: string): string {
  const words = text.value.failure
  const known = words[code] ?? (/KEY|SERIAL|CERTIFICATE|PEM/.test(code) ? words.ERR_KEY : undefined)
  return known ?? words.ERR_UNEXPECTED ?? code
}

export function ProblemNotice() {
  const failure = problem.value
  return (
    <div role="alert">
      {failure && (
        <div class="notice notice-error">
          <CircleAlert size={20} aria-hidden="true" />
          <p>
            <strong>{failureText(failure.code)}</strong>
            {failure.detail && <span class="detail">{failure.detail}</span>}
            <code>{failure.code}</code>
          </p>
          <button
            type="button"
            class="icon-button"
            aria-label={text.value.dismiss}
            onClick={() => {
              problem.value = undefined
            }}
          >
            <X size={18} aria-hidden="true" />
          </button>
        </div>
      )}
    </div>
  )
}

function Modal({ label, onClose, children }: { label: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} aria-label={label} onClose={onClose} onCancel={onClose}>
      {children}
    </dialog>
  )
}

/** A private key was pasted or dropped: it is gone already, and this says so. */
export function SecretDialog() {
  if (!secretRefused.value) return null
  const words = text.value.secret
  const close = () => {
    secretRefused.value = false
  }
  return (
    <Modal label={words.heading} onClose={close}>
      <ShieldAlert class="dialog-icon" size={32} aria-hidden="true" />
      <h2>{words.heading}</h2>
      <p>{words.hint}</p>
      <div class="dialog-actions">
        <button type="button" class="button primary" onClick={close}>
          {text.value.dismiss}
        </button>
      </div>
    </Modal>
  )
}

export function AskDialog() {
  const asked = question.value
  if (!asked) return null
  return (
    <Modal label={asked.message} onClose={() => asked.answer(false)}>
      <p>{asked.message}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={() => asked.answer(false)}>
          {text.value.cancel}
        </button>
        <button type="button" class="button primary" onClick={() => asked.answer(true)}>
          {text.value.continue}
        </button>
      </div>
    </Modal>
  )
}
