import { ClippyAdagrad, type ClippyAdagradOptions, type Optimizer, type Variable } from 'clippy-adagrad'
import { AgcAdagrad } from './agc.ts'
import { Lamb } from './lamb.ts'

/** One of the optimizers that are compared. */
export interface Method {
  readonly name: string
  /** `finalLayer` are the weights and the bias that give the logit. */
  readonly create: (learningRate: number, finalLayer: readonly Variable[]) => Optimizer
}

/**
 * Adagrad as in the textbook, which adds a gradient to the accumulator before it divides by its root. Any step is allowed,
 * so this is the package's own code without the clipping.
 */
const PLAIN = { absoluteThreshold: Number.POSITIVE_INFINITY, useStandardAccumulatorUpdate: true } as const

/** The thresholds that the paper used. */
export const PAPER_THRESHOLDS = { variableRelativeThreshold: 0.5, absoluteThreshold: 0.01 } as const

/** The largest norm of all gradients together; of CANDIDATES, the one with the highest mean on the validation rows. */
const GLOBAL_NORM = 0.03

function clippy(name: string, options: ClippyAdagradOptions): Method {
  return { name, create: (learningRate) => new ClippyAdagrad({ ...options, learningRate }) }
}

export const METHODS: readonly Method[] = [
  clippy('Adagrad', PLAIN),
  clippy('Adagrad + GC', { ...PLAIN, globalClipnorm: GLOBAL_NORM }),
  {
    name: 'Adagrad + AGC',
    create: (learningRate, finalLayer) => new AgcAdagrad({ learningRate, unclipped: finalLayer }),
  },
  { name: 'LAMB', create: (learningRate) => new Lamb({ learningRate }) },
  clippy('Clippy (0.5, 0.01)', PAPER_THRESHOLDS),
  // The best of CANDIDATES.
  clippy('Clippy (0.1, 0.01)', { variableRelativeThreshold: 0.1, absoluteThreshold: 0.01 }),
  clippy('Clippy, defaults', {}),
  clippy('Clippy (0.5, 0.01), clipped accumulator', { ...PAPER_THRESHOLDS, clipAccumulatorUpdate: true }),
  clippy('Clippy (0.5, 0.01), standard accumulator', { ...PAPER_THRESHOLDS, useStandardAccumulatorUpdate: true }),
]

/** What GC's norm and Clippy's thresholds are chosen from, on validation rows. */
export const CANDIDATES: readonly Method[] = [
  ...[0.01, 0.03, 0.1, 0.3, 1].map((norm) => clippy(`GC: ${norm}`, { ...PLAIN, globalClipnorm: norm })),
  ...[0.1, 0.5].flatMap((relative) =>
    [0.001, 0.01, 0.1].map((absolute) =>
      clippy(`Clippy: ${relative}, ${absolute}`, {
        variableRelativeThreshold: relative,
        absoluteThreshold: absolute,
      }),
    ),
  ),
]

/** Throws RangeError for a name that is neither among METHODS nor among CANDIDATES. */
export function findMethod(name: string): Method {
  const method = [...METHODS, ...CANDIDATES].find((other) => other.name === name)
  if (method === undefined) throw new RangeError(`there is no method named '${name}'`)
  return method
}
