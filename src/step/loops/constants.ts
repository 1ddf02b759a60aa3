/**
 * The numbers that the loops work with, made once for an options object.
 *
 * A loop's test may leave any coordinate to the careful functions of coordinate.ts, but may settle one itself only where
 * they would say the same. So each threshold here is lower than the one it stands for by more than the rounding errors of
 * the test, and it is NaN, which fails every test, where the loop's arithmetic could lose digits.
 */
import type {
  Hyperparameters,
  KernelConstants,
  LoopConstants,
  MovingConstants,
  TestedConstants,
  Thresholds,
} from '../hyperparameters.ts'
import { float32, isPlain } from '../precision.ts'

/** Hyperparameters as far as they are known when the loops' constants are made from them. */
type Careful = Omit<Hyperparameters, 'loops'>

/** Without clipping any finite thresholds do for the first pass, since only its check for what is not finite counts. */
const UNCLIPPED: Thresholds = { relative: 0, accumulatorRelative: 0, absolute: 1 }

export function loopConstants(h: Careful): LoopConstants {
  const isSingle = h.precision === float32
  const tested = isSingle ? tested32(h) : tested64(h)
  const moving = isSingle ? moving32(h) : moving64(h)
  return { tested, moving, kernel: isSingle ? kernel32(h, tested, moving) : kernel64(h, tested, moving) }
}

// ---------------------------------------------------------------- first pass, portable: both precisions are tested in double

function tested32(h: Careful): TestedConstants {
  const thresholds = h.clips ? h.forFactor : UNCLIPPED
  const holds = [...Object.values(thresholds), h.learningRate, h.epsilon].every(isModerate)
  return { ...thresholds, learningRate: testedLearningRate(h), epsilon: holds ? h.epsilon : NaN }
}

/** Products of these with float32 numbers are normal doubles, squared too. */
function isModerate(x: number): boolean {
  return x === 0 || (x >= 2 ** -240 && x <= 2 ** 240)
}

function tested64(h: Careful): TestedConstants {
  return { ...(h.clips ? h.forFactor : UNCLIPPED), learningRate: testedLearningRate(h), epsilon: h.epsilon }
}

/** The factor is 1 without clipping: with a rate of 0 every finite coordinate passes. */
function testedLearningRate({ clips, learningRate }: Careful): number {
  return clips ? learningRate : 0
}

// ---------------------------------------------------------------- second pass, portable

function moving32(h: Careful): MovingConstants {
  const added = addedEpsilon(h, 2 ** 100)
  if (!h.clips) return { ...added, relative: 0, absolute: 2 ** 126 }
  const { relative, absolute } = capped(h.forBound)
  // The move is tested before w takes its last rounding: by 2^-24 of |w| and of the move, or 2^-150.
  const keep = 1 - 2 ** -23
  return {
    ...added,
    relative: (relative - 2 ** -24 * (1 + 2 ** -20)) * keep,
    absolute: (absolute - 2 ** -149) * keep,
  }
}

function moving64(h: Careful): MovingConstants {
  const added = addedEpsilon(h, 2 ** 900)
  if (!h.clips) return { ...added, relative: 0, absolute: h.precision.largest }
  const { relative, absolute } = capped(h.thresholds)
  // Without an absolute threshold, a bound so small that it has lost digits comes out below zero.
  return { ...added, relative: lowered64(relative), absolute: absolute === 0 ? -(2 ** -1000) : lowered64(absolute) }
}

/** ε as it is added in the type, up to where the sum cannot overflow, and from where on a + ε is a normal number. */
function addedEpsilon({ epsilon, precision }: Careful, most: number): Pick<MovingConstants, 'epsilon' | 'lowest'> {
  const added = epsilon <= most ? precision.round(epsilon) : NaN
  return { epsilon: added, lowest: added >= precision.smallestNormal ? 0 : precision.smallestNormal }
}

/** So that no bound is infinite, and an infinite move is always beyond it. */
function capped({ relative, absolute }: Thresholds): { readonly relative: number; readonly absolute: number } {
  return { relative: Math.min(relative, 1), absolute: Math.min(absolute, 2 ** 100) }
}

/** Below the bound of coordinate.ts, whichever way it is worked out there. */
function lowered64(threshold: number): number {
  return isPlain(threshold) ? threshold * (1 - 2 ** -48) : NaN
}

// ---------------------------------------------------------------- the SIMD kernel

function kernel32(h: Careful, tested: TestedConstants, moving: MovingConstants): KernelConstants {
  const { relative, accumulatorRelative, absolute } = h.clips ? h.thresholds : UNCLIPPED
  const bound = capped(h.thresholds)
  return {
    ...commonConstants(h, tested, moving),
    testedRelative: lowered32(relative),
    testedAccumulatorRelative: lowered32(accumulatorRelative),
    testedAbsolute: lowered32(absolute),
    quickRelative: h.clips ? lowered32(bound.relative) : 0,
    quickAccumulatorRelative: lowered32(accumulatorRelative),
    // Without an absolute threshold, a bound so small that it has lost digits comes out below zero.
    quickAbsolute: h.clips ? lowered32(bound.absolute) || -(2 ** -140) : float32.largest,
  }
}

function kernel64(h: Careful, tested: TestedConstants, moving: MovingConstants): KernelConstants {
  const holds = h.normal || !h.clips
  return {
    ...commonConstants(h, tested, moving),
    testedRelative: holds ? tested.relative : NaN,
    testedAccumulatorRelative: holds ? tested.accumulatorRelative : NaN,
    testedAbsolute: holds ? tested.absolute : NaN,
    quickRelative: moving.relative,
    quickAccumulatorRelative: h.clips ? lowered64(h.thresholds.accumulatorRelative) : 0,
    quickAbsolute: moving.absolute,
  }
}

function commonConstants(
  { learningRate, epsilon, forFactor, forBound, clips, normal }: Careful,
  tested: TestedConstants,
  moving: MovingConstants,
) {
  return {
    learningRate,
    epsilon,
    addedEpsilon: moving.epsilon,
    lowest: moving.lowest,
    testedLearningRate: tested.learningRate,
    factorRelative: forFactor.relative,
    factorAccumulatorRelative: forFactor.accumulatorRelative,
    factorAbsolute: forFactor.absolute,
    boundRelative: forBound.relative,
    boundAccumulatorRelative: forBound.accumulatorRelative,
    boundAbsolute: forBound.absolute,
    // From here on a bound in plain double has all its digits.
    low: clips && normal ? 2 ** -500 : Infinity,
  }
}

/** A float32 so far below the threshold that the loop's roundings do not make up for it. */
function lowered32(threshold: number): number {
  const lower = Math.fround(threshold * (1 - 2 ** -21))
  return lower < float32.smallestNormal ? 0 : Math.min(lower, float32.largest)
}
