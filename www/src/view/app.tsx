import { useEffect, useRef } from 'preact/hooks'
import { announcement, file, openFile, snapshot } from '../state/panel'
import { narrow } from '../state/screen'
import { text } from '../text'
import { dragging, useFileDrop } from './drop'
import { MarkShapes } from './grid-row'
import { Header } from './header'
import { AskDialog, BusyBar, ProblemNotice, SecretDialog } from './notices'
import { StartScreen } from './start'
import { Work } from './work'

export function App() {
  useFileDrop(openFile)
  const opened = file.value !== undefined && snapshot.value !== undefined
  const before = useRef(opened)
  useEffect(() => {
    if (before.current === opened) return
    before.current = opened
    // Other content: the keyboard and the screen reader begin at its top.
    window.scrollTo(0, 0)
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [opened])
  return (
    <>
      <a class="skip" href={opened && !narrow.value ? '#rows' : '#main'}>
        {text.value.header.skip}
      </a>
      <MarkShapes />
      <Header />
      <BusyBar />
      <ProblemNotice />
      {opened ? <Work /> : <StartScreen />}
      <p class="visually-hidden" role="status" aria-live="polite">
        {announcement.value}
      </p>
      <SecretDialog />
      <AskDialog />
      {opened && dragging.value && <div class="drop-veil">{text.value.start.release}</div>}
    </>
  )
}
