import { boundViolation, stepCases } from 'clippy-adagrad/testing'
import fc from 'fast-check'
import type { Update } from './adagrad.ts'

/** The property: no update moves a weight further than its bound. Throws, with the smallest input found, where one does. */
export function keepsItsBound(update: Update, seed: number): void {
  const cases = stepCases(fc, { precision: 'float32', domain: 'ordinary' })
  const property = fc.property(cases, ({ variable, accumulator, gradient, options }) => {
    const [before, used] = [variable.slice(), accumulator.slice()]
    update(variable, accumulator, gradient, options)
    const tooFar = boundViolation(before, variable, used, options)
    if (tooFar) throw new Error(`weight ${tooFar.index} moved ${tooFar.move}, its bound is ${tooFar.bound}`)
  })
  fc.assert(property, { seed, numRuns: 1000 })
}
