import { byId } from './elements.ts'

/** Whether the results stand below the settings instead of beside them: the width at which main.css changes. */
const narrow = matchMedia('(max-width: 56rem)')
const calm = matchMedia('(prefers-reduced-motion: reduce)')

/** On a narrow screen thresholds, rows and seed are folded away, or Start would be below the screen. */
export function foldSettings(): void {
  const fold = () => {
    byId('more-settings', HTMLDetailsElement).open = !narrow.matches
  }
  narrow.addEventListener('change', fold)
  fold()
}

/** On a narrow screen, scrolls to the buttons: the results stand just below them, and Pause stays at hand. */
export function showResults(): void {
  if (narrow.matches) byId('buttons', HTMLElement).scrollIntoView({ behavior: calm.matches ? 'instant' : 'smooth' })
}
