import { CircleCheck, CircleX, Copy, Lock } from 'lucide-preact'
import { useEffect, useState } from 'preact/hooks'
import type { Approval } from '../sheet/protocol'
import { looksLikePrivateKey } from '../sheet/secrets'
import { announcement, client, filter, problem, secretRefused, showRows, snapshot, tab } from '../state/panel'
import { narrow } from '../state/screen'
import { number, text, yuan } from '../text'
import { SealNames } from './seal'

export function ApproveTab() {
  const words = text.value.approve
  const { summary } = snapshot.value ?? {}
  const ready = summary?.ok && summary.count > 0
  return (
    <>
      <h3 class="side-heading">{words.heading}</h3>
      <p class="muted hint">{words.hint}</p>
      {ready ? <Hash /> : <NotYet errors={summary?.errors ?? 0} />}
      <SealNames ready={Boolean(ready)} />
    </>
  )
}

function NotYet({ errors }: { errors: number }) {
  const words = text.value.approve
  return (
    <div class="not-yet">
      <Lock size={20} aria-hidden="true" />
      <p>
        {words.notYet} {errors > 0 && words.errorsLeft(number(errors))}
      </p>
      {errors > 0 && (
        <button
          type="button"
          class="button small"
          onClick={() => {
            if (filter.value.rows !== 'error') showRows({ rows: 'error' })
            tab.value = narrow.value ? 'table' : 'issues'
          }}
        >
          {words.showErrors}
        </button>
      )}
    </div>
  )
}

function Hash() {
  const words = text.value.approve
  const approval = useApproval()
  const [given, setGiven] = useState('')
  if (!approval) return <p class="muted hint">{words.computing}</p>
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(approval.hash)
      announcement.value = words.copied
    } catch {
      announcement.value = words.copyFailed
    }
  }
  return (
    <>
      <div class="hash">
        <output class="hash-value" aria-label={words.heading}>
          {approval.hash.match(/.{8}/g)?.map((piece, at) => (
            <span key={at}>{piece}</span>
          ))}
        </output>
        <p class="muted">{words.binds(number(approval.count), yuan(approval.total))}</p>
        <button type="button" class="button" onClick={copy}>
          <Copy size={15} aria-hidden="true" />
          {announcement.value === words.copied ? words.copied : words.copy}
        </button>
      </div>
      <label class="field">
        <span>{words.compare}</span>
        <input
          type="text"
          class="mono"
          value={given}
          placeholder={words.compareHint}
          autocomplete="off"
          spellcheck={false}
          onInput={event => {
            const { value } = event.currentTarget
            if (!looksLikePrivateKey(value)) return setGiven(value)
            event.currentTarget.value = ''
            setGiven('')
            secretRefused.value = true
          }}
        />
      </label>
      <Verdict given={given} hash={approval.hash} />
    </>
  )
}

function Verdict({ given, hash }: { given: string; hash: string }) {
  const words = text.value.approve
  const plain = given.replace(/\s/g, '').toLowerCase()
  const whole = /^[0-9a-f]{64}$/.test(plain)
  const match = plain === hash
  return (
    <div role="status">
      {plain !== '' && !whole && <p class="compare compare-unknown">{words.notHash}</p>}
      {whole && (
        <p class={`compare ${match ? 'compare-match' : 'compare-mismatch'}`}>
          {match ? <CircleCheck size={20} aria-hidden="true" /> : <CircleX size={20} aria-hidden="true" />}
          {match ? words.match : words.mismatch}
        </p>
      )}
    </div>
  )
}

function useApproval(): Approval | undefined {
  const [approval, setApproval] = useState<Approval>()
  const { generation } = snapshot.value ?? {}
  // another generation has another hash
  useEffect(() => {
    let late = false
    const load = async () => {
      const result = await (await client()).approve()
      if (late) return
      if (result.ok) setApproval(result.value)
      else problem.value = result.failure
    }
    setApproval(undefined)
    void load()
    return () => {
      late = true
    }
  }, [generation])
  return approval
}
