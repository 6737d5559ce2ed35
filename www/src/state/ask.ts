/** A question that has to be answered before something is lost. */
import { signal } from '@preact/signals'

export const question = signal<{ message: string; answer: (yes: boolean) => void } | undefined>()

export function ask(message: string): Promise<boolean> {
  return new Promise(resolve => {
    question.value = {
      message,
      answer(yes) {
        question.value = undefined
        resolve(yes)
      },
    }
  })
}
