import { byId, setText } from './elements.ts'

/** How long the button says that it has copied, in milliseconds. */
const THANKS = 2000

/** The button that copies the link. `link` is asked at every click. */
export function copyLinkButton(link: () => string, announce: (text: string) => void): void {
  const button = byId('copy', HTMLButtonElement)
  const label = button.textContent ?? ''
  let timer: ReturnType<typeof setTimeout> | undefined
  button.addEventListener('click', async () => {
    const text = await navigator.clipboard.writeText(link()).then(
      () => 'Link copied',
      // Not over plain http, nor without permission; the address bar has it too.
      () => 'Copy it from the address bar',
    )
    setText(button, text)
    announce(text)
    clearTimeout(timer)
    timer = setTimeout(() => setText(button, label), THANKS)
  })
}
