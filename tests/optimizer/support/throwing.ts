import * as assert from 'uvu/assert'
import { type ClippyAdagradOptions, type GradientAndVariable, type Optimizer, Variable } from '../../../src/index.ts'
import { sameBytes } from '../../support/assertions.ts'
import { picture, untouched } from '../../support/untouched.ts'

export const failure = new Error('broken on purpose')
export const isFailure = (error: unknown) => error === failure

export const all: ClippyAdagradOptions = {
  learningRate: 0.5,
  weightDecay: 0.3,
  useEma: true,
  emaMomentum: 0.5,
  emaOverwriteFrequency: 2,
  exportClippingFactors: true,
  globalClipnorm: 10,
}

/** Four variables, dense and sparse, of both precisions, and the pairs of a step on them. */
export function problem() {
  const variables = [
    new Variable([1, -2, 0.5], { name: 'dense32' }),
    new Variable([1, -0, 3, 4, 5, 6], { name: 'sparse32', shape: [3, 2] }),
    new Variable(Float64Array.of(0.1, 0.2), { name: 'dense64' }),
    new Variable(Float64Array.of(7, 8, 9, 10), { name: 'sparse64', shape: [4, 1] }),
  ]
  const pairs = (k: number): GradientAndVariable[] => [
    [Float32Array.of(k, 0.1, -3), variables[0]],
    [{ indices: [2, 0, 2], values: Float32Array.of(1, k, 0, 2, 0.5, 0.5) }, variables[1]],
    [Float64Array.of(-k, 1), variables[2]],
    [{ indices: [1, 3], values: Float64Array.of(1 / k, -1) }, variables[3]],
  ]
  return { variables, values: variables.map(({ value }) => value), pairs }
}

export type Twin = { optimizer: Optimizer } & ReturnType<typeof problem>

/** The step is refused without a trace, and once mended the optimizer goes on as one that never failed. */
export function refusedWithoutTrace(
  broken: Twin,
  sound: Twin,
  refused: (call: () => unknown) => void,
  setBroken: (isBroken: boolean) => void,
): void {
  let count = 0
  const good = () => {
    count++
    setBroken(false)
    assert.is(broken.optimizer.applyGradients(broken.pairs(count)), count)
    assert.is(sound.optimizer.applyGradients(sound.pairs(count)), count)
    sameBytes(picture(broken.optimizer, broken.values), picture(sound.optimizer, sound.values), `after step ${count}`)
  }
  const bad = () => {
    untouched(broken.optimizer, broken.values, () => {
      setBroken(true)
      refused(() => broken.optimizer.applyGradients(broken.pairs(count + 1)))
    })
  }
  broken.optimizer.build(broken.variables)
  bad()
  good()
  bad()
  bad()
  good()
  good()
}

export const throwsFailure = (call: () => unknown) => assert.throws(call, isFailure)
