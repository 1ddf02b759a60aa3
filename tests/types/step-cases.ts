/** Everyday use of `stepCases`, compiled and run by `npm run test:package` with fast-check 3 and with 4. */
import { step } from 'clippy-adagrad'
import { boundViolation, type StepCase, stepCases } from 'clippy-adagrad/testing'
import fc from 'fast-check'

declare const console: { log(text: string): void }

const cases: fc.Arbitrary<StepCase<Float32Array>> = stepCases(fc, { precision: 'float32', domain: 'ordinary' })
fc.assert(
  fc.property(cases, fc.boolean(), ({ variable, accumulator, gradient, options }, standard) => {
    const before: Float32Array = variable.slice()
    const used: Float32Array = standard ? accumulator : accumulator.slice()
    const set = { ...options, clipAccumulatorUpdate: false, useStandardAccumulatorUpdate: standard }
    step(variable, accumulator, gradient, set)
    return boundViolation(before, variable, used, set) === undefined
  }),
  { numRuns: 100 },
)

const hostile = stepCases(fc, { precision: 'float64', domain: 'hostile' }).map(({ variable }) => variable)
const [doubles]: Float64Array[] = fc.sample(hostile, 1)
console.log(`${Object.prototype.toString.call(doubles)}`)

// @ts-expect-error a case of doubles is none of floats
const misuse: fc.Arbitrary<StepCase<Float32Array>> = stepCases(fc, { precision: 'float64', domain: 'hostile' })
// @ts-expect-error the domain has to be chosen
const another = () => stepCases(fc, { precision: 'float64' })
// @ts-expect-error fast-check itself, not one of its arbitraries
const third = () => stepCases(fc.integer, { precision: 'float64', domain: 'hostile' })
console.log(`misuse ${[misuse, another, third].length}`)
