import { byId, setText } from './elements.ts'

/** Where the page is. */
export type Phase = 'loading' | 'ready' | 'running' | 'paused' | 'finished' | 'failed'

const LABELS: Record<Phase, string> = {
  loading: 'Start',
  ready: 'Start',
  running: 'Pause',
  paused: 'Resume',
  finished: 'Start again',
  failed: 'Start',
}

/** One button that says what it will do next. */
export function showPhase(phase: Phase): void {
  const button = byId('run', HTMLButtonElement)
  setText(button, LABELS[phase])
  button.disabled = phase === 'loading' || phase === 'failed'
  document.body.dataset.phase = phase
}
