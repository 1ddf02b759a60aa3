/** Milliseconds between two paintings: smooth, or as calm as someone who asked for less motion wants it. */
const LIVE = 100
const CALM = 1000

/** Paints at most so often, however many reports come in, and always once more after the last one. */
export class Painter {
  readonly #paint: () => void
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)')
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(paint: () => void) {
    this.#paint = paint
  }

  soon(): void {
    this.#timer ??= setTimeout(() => this.now(), this.#calm.matches ? CALM : LIVE)
  }

  now(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#paint()
  }
}
