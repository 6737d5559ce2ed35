import { LockKeyhole } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { callback } from '../sheet/client'
import { looksLikePrivateKey } from '../sheet/secrets'
import { announcement, busy, secretRefused, target, working } from '../state/panel'
import { save, stem } from '../state/save'
import { number, text } from '../text'

/** Names go in, ciphertext comes out; the key is WeChat Pay's public one. */
export function SealNames({ ready }: { ready: boolean }) {
  const words = text.value.seal
  const [id, setId] = useState('')
  const [key, setKey] = useState('')
  const refuse = (value: string, input: HTMLInputElement | HTMLTextAreaElement, keep: (value: string) => void) => {
    if (!looksLikePrivateKey(value)) return keep(value)
    // Not kept, not even in the field.
    input.value = ''
    keep('')
    secretRefused.value = true
  }
  if (target.value.startsWith('pingpp:')) {
    return (
      <section class="seal">
        <h3 class="side-heading">{words.heading}</h3>
        <p class="muted hint">{words.pingpp}</p>
      </section>
    )
  }
  const seal = async () => {
    const progress = (done: number, total: number) => {
      busy.value = { label: text.value.busy.seal, progress: total === 0 ? 1 : done / total }
    }
    const sealed = await working(text.value.busy.seal, worker =>
      worker.seal({ id: id.trim(), publicKey: key.trim() }, callback(progress)),
    )
    if (!sealed) return
    save(sealed.bytes, `${stem()}.sealed.json`)
    announcement.value = words.done(number(sealed.names), number(sealed.rows))
  }
  return (
    <form
      class="seal"
      onSubmit={event => {
        event.preventDefault()
        void seal()
      }}
    >
      <h3 class="side-heading">{words.heading}</h3>
      <p class="muted hint">{words.hint}</p>
      <label class="field">
        <span>{words.id}</span>
        <input
          type="text"
          class="mono"
          value={id}
          placeholder="PUB_KEY_ID_…"
          autocomplete="off"
          spellcheck={false}
          required
          onInput={event => refuse(event.currentTarget.value, event.currentTarget, setId)}
        />
      </label>
      <label class="field">
        <span>{words.key}</span>
        <textarea
          class="mono"
          rows={4}
          value={key}
          placeholder="-----BEGIN PUBLIC KEY-----"
          autocomplete="off"
          spellcheck={false}
          required
          onInput={event => refuse(event.currentTarget.value, event.currentTarget, setKey)}
        />
        <small class="muted">{words.keyHint}</small>
      </label>
      <button type="submit" class="button" disabled={!ready}>
        <LockKeyhole size={15} aria-hidden="true" />
        {words.action}
      </button>
    </form>
  )
}
