import type { Settings } from '../settings/settings.ts'
import type { Order, Progress, Ready, Report, Started, StateChange } from './messages.ts'

export interface Listener {
  ready(report: Ready): void
  started(report: Started): void
  progress(report: Progress): void
  state(state: StateChange['state']): void
  failed(message: string): void
}

/** The page's end of the worker: numbers its runs, and drops reports of those that are over. */
export class TrainingClient {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  #run = 0

  constructor(listener: Listener) {
    this.#worker.addEventListener('message', ({ data: report }: MessageEvent<Report>) => {
      if (report.type === 'ready') listener.ready(report)
      else if (report.type === 'failure') listener.failed(report.message)
      else if (report.run !== this.#run) return
      else if (report.type === 'started') listener.started(report)
      else if (report.type === 'progress') listener.progress(report)
      else listener.state(report.state)
    })
    this.#worker.addEventListener('error', ({ message }) => listener.failed(message || 'the worker did not start'))
  }

  start(settings: Settings): void {
    this.#tell({ type: 'start', run: ++this.#run, settings })
  }

  pause(): void {
    this.#tell({ type: 'pause' })
  }

  resume(): void {
    this.#tell({ type: 'resume' })
  }

  stop(): void {
    this.#run++
    this.#tell({ type: 'stop' })
  }

  #tell(order: Order): void {
    this.#worker.postMessage(order)
  }
}
