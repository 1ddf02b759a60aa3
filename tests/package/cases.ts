import { modes } from '../support/case.ts'
import { hostileCase } from '../support/hostile.ts'
import { arrayOf, type FloatArray, type Precision, precisionOf, precisions } from '../support/precision.ts'
import { Random } from '../support/random.ts'

/** The inputs of smoke.mjs as JSON data: the bits of arrays as hexadecimal digits, so that every engine starts alike. */
export interface SmokeCases {
  readonly steps: readonly SmokeStep[]
  readonly sparse: readonly SmokeStep[]
  readonly training: readonly object[]
}

interface SmokeStep {
  readonly precision: Precision
  readonly options: object
  readonly variable: string
  readonly accumulator: string
  readonly gradient: string
  readonly indices?: readonly number[]
}

const HOSTILE = 400

/** Lengths around the blocks of the kernels, up to several of them. */
const LENGTHS = [0, 1, 31, 32, 33, 100, 1027, 5000]

const WIDTH = 4

/** The same cases at every call: hostile and ordinary numbers, dense and sparse, both precisions, every mode. */
export function smokeCases(): SmokeCases {
  const random = new Random(2302_09178)
  const hostile = Array.from({ length: HOSTILE }, () => hostileStep(random))
  const ordinary = precisions.flatMap((precision) =>
    Object.values(modes).flatMap((mode) => LENGTHS.map((length) => ordinaryStep(random, precision, length, mode))),
  )
  const steps = [...hostile, ...ordinary]
  const sparse = steps.filter(({ variable }) => variable.length > 0).map((step) => sparseStep(random, step))
  const training = precisions.flatMap((precision) =>
    Object.values(modes).map((mode) => trainingRun(random, precision, mode)),
  )
  return { steps, sparse, training }
}

function hostileStep(random: Random): SmokeStep {
  const { variable, accumulator, gradient, options } = hostileCase(random)
  const { absoluteThreshold } = options
  return {
    precision: precisionOf(variable),
    options: { ...options, absoluteThreshold: Number.isFinite(absoluteThreshold) ? absoluteThreshold : 'Infinity' },
    variable: hexOf(variable),
    accumulator: hexOf(accumulator),
    gradient: hexOf(gradient),
  }
}

function ordinaryStep(random: Random, precision: Precision, length: number, mode: object): SmokeStep {
  return {
    precision,
    options: { learningRate: 0.1, variableRelativeThreshold: 0.5, absoluteThreshold: 0.01, ...mode },
    variable: hexOf(numbers(random, precision, length)),
    accumulator: hexOf(numbers(random, precision, length).map((x) => 0.1 + x * x)),
    gradient: hexOf(numbers(random, precision, length)),
  }
}

/** The same table with a gradient of some of its rows, repeats among them. */
function sparseStep(random: Random, step: SmokeStep): SmokeStep {
  const digits = 2 * bytesOf(step.precision)
  const cells = step.variable.length / digits
  const width = cells % WIDTH === 0 ? WIDTH : 1
  const indices = Array.from({ length: Math.min(cells / width, 300) }, () => random.below(cells / width))
  const gradient = indices.map((_, k) => step.gradient.slice(k * width * digits, (k + 1) * width * digits)).join('')
  return { ...step, gradient, indices }
}

function trainingRun(random: Random, precision: Precision, mode: object): object {
  const lengths = [precision === 'float32' ? 20_000 : 3000, 40 * WIDTH, 10]
  const steps = Array.from({ length: 6 }, (_, k) => k)
  const options = {
    learningRate: 0.3,
    variableRelativeThreshold: 0.5,
    absoluteThreshold: 0.01,
    exportClippingFactors: true,
    weightDecay: 0.01,
    globalClipnorm: 5,
    useEma: true,
    emaOverwriteFrequency: 4,
    ...mode,
  }
  return {
    precision,
    options,
    variables: lengths.map((length) => hexOf(numbers(random, precision, length))),
    indices: steps.map(() => Array.from({ length: 12 }, () => random.below(40))),
    gradients: steps.map(() =>
      [lengths[0], 12 * WIDTH, lengths[2]].map((length) => hexOf(numbers(random, precision, length))),
    ),
  }
}

function numbers(random: Random, precision: Precision, length: number): FloatArray {
  return arrayOf(
    precision,
    Array.from({ length }, () => random.between(-2, 2)),
  )
}

function hexOf(array: FloatArray): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('hex')
}

function bytesOf(precision: Precision): number {
  return precision === 'float32' ? 4 : 8
}
