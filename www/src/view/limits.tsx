import { useState } from 'preact/hooks'
import { known, type LimitName, limitsOf, providerOf, readYuan } from '../state/limits'
import { setLimit, target } from '../state/panel'
import { text, yuan } from '../text'

/** What differs between merchants; the defaults are what the providers publish. */
export function LimitFields() {
  const words = text.value.limits
  const names = Object.keys(known[providerOf(target.value)]) as LimitName[]
  return (
    <section class="limits">
      <h3 class="side-heading">{words.heading}</h3>
      <p class="muted hint">{words.hint}</p>
      {names.map(name => (
        <LimitField key={`${providerOf(target.value)}.${name}`} name={name} />
      ))}
    </section>
  )
}

function LimitField({ name }: { name: LimitName }) {
  const words = text.value.limits
  const usual = known[providerOf(target.value)][name]
  const current = (limitsOf.value(target.value) as Partial<Record<LimitName, number>>)[name]
  const [wrong, setWrong] = useState(false)
  const settle = (input: HTMLInputElement) => {
    const content = input.value.trim()
    const fen = content === '' ? undefined : readYuan(content)
    setWrong(content !== '' && fen === undefined)
    if ((content === '' || fen !== undefined) && fen !== current) void setLimit(name, fen)
  }
  return (
    <label class="field limit">
      <span>{words[name]}</span>
      <span class="money">
        ¥
        <input
          type="text"
          inputMode="decimal"
          autocomplete="off"
          aria-invalid={wrong}
          defaultValue={current === undefined ? '' : yuan(current).replaceAll(',', '')}
          placeholder={usual === undefined ? words.none : yuan(usual)}
          onChange={event => settle(event.currentTarget)}
        />
      </span>
      {wrong && <small class="bad">{words.wrong}</small>}
    </label>
  )
}
