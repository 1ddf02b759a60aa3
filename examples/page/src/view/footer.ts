import { METHODS } from '../../../adult/experiment.ts'
import { fingerprint } from '../training/bits.ts'
import { runAsJson } from '../training/download.ts'
import type { RunRecord } from '../training/record.ts'
import { byId, setText } from './elements.ts'

const KERNELS = {
  simd: 'Steps run on the WebAssembly SIMD kernel.',
  scalar:
    'Steps run on the scalar kernel: the content security policy of this page, or this browser, does not let WebAssembly run. The numbers are the same.',
}

/** Which kernel runs, and the numbers of a run to compare and to keep. */
export class Footer {
  readonly #fingerprint = byId('fingerprint', HTMLElement)
  readonly #download = byId('download', HTMLButtonElement)
  #kernel: keyof typeof KERNELS = 'scalar'
  #record: RunRecord | undefined

  constructor() {
    this.#download.addEventListener('click', () => {
      if (this.#record !== undefined) save('clippy-adagrad-run.json', runAsJson(this.#record, this.#kernel))
    })
  }

  showKernel(kernel: keyof typeof KERNELS): void {
    this.#kernel = kernel
    setText(byId('kernel', HTMLElement), KERNELS[kernel])
  }

  /** A run that stands still; undefined while it goes on, since nobody could compare a fingerprint that changes. */
  showRun(record: RunRecord | undefined): void {
    this.#record = record
    this.#download.hidden = record === undefined
    setText(this.#fingerprint, record ? fingerprint(METHODS.flatMap((method) => record.losses[method])) : '–')
  }
}

function save(name: string, json: string): void {
  const link = document.createElement('a')
  link.download = name
  link.href = URL.createObjectURL(new Blob([json], { type: 'application/json' }))
  link.click()
  // Not at once: a browser may begin to read it later.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
