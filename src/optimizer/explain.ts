/** The coordinate that comes closest to its bound, or passes it furthest. */
export interface LimitingCoordinate {
  /** Index into the variable's flat value. */
  readonly index: number
  /** What it holds now: after weight decay, if there is any. */
  readonly value: number
  /** What an unclipped step would add to it: −lr · g / √(a + ε), at most the largest double. */
  readonly proposedChange: number
  /** The furthest that a step may move it. */
  readonly bound: number
}

/** What a step would do to one variable. */
export interface Explanation {
  /** The variable's name. */
  readonly name: string
  /** The clipping factor that the step would use, in [0, 1]. */
  readonly factor: number
  /** Undefined where no coordinate has a gradient, or clipping is off. */
  readonly limiting: LimitingCoordinate | undefined
  /** The share, in [0, 1], of the coordinates that the gradient touches whose proposed change is over their bound. */
  readonly shareOverBound: number
}
