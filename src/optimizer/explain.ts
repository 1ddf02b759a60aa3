import type { OperandsExplained } from '../step/index.ts'

/** What a step would do to one variable. */
export interface Explanation extends OperandsExplained {
  /** The variable's name. */
  readonly name: string
  /** The clipping factor that the step would use, in [0, 1]. */
  readonly factor: number
}
