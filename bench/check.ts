import type { Contender } from './contenders/contender.ts'
import { type Formula, rowsAfter } from './formula.ts'
import { type Problem, SETTINGS, type Settings } from './problem.ts'

const STEPS = 2
/** Of the larger of a coordinate's first and last value. Single precision and its square roots lose about 1e-6. */
const TOLERANCE = 1e-5

/**
 * Lets each contender take two steps and compares every coordinate with the formula in double; throws Error where one
 * differs. Resets them then.
 */
export function requireAnswer(
  contenders: readonly Contender[],
  problem: Problem,
  { formula = 'Clippy', settings = SETTINGS }: { formula?: Formula; settings?: Settings } = {},
): void {
  const { variable, accumulator, width } = problem
  const expected = rowsAfter(problem, formula, settings, STEPS)
  for (const contender of contenders) {
    takeSteps(contender)
    const state = contender.read()
    const compare = (role: 'variable' | 'accumulator', got: ArrayLike<number>, first: Float32Array) => {
      for (let start = 0; start < first.length; start += width) {
        const row = expected.get(start / width)?.[role]
        for (let i = start; i < start + width; i++) {
          const want = row === undefined ? first[i] : row[i - start]
          const tolerance = row === undefined ? 0 : TOLERANCE * Math.max(Math.abs(first[i]), Math.abs(want))
          // Not `> tolerance`, which a NaN would pass.
          if (Math.abs(got[i] - want) <= tolerance) continue
          const what = `${contender.name}, ${role}: coordinate ${i}`
          throw new Error(`${what} is ${got[i]} after ${STEPS} steps; expected ${want}`)
        }
      }
    }
    compare('variable', state.variable, variable)
    if (state.accumulator !== undefined) compare('accumulator', state.accumulator, accumulator)
    contender.reset()
  }
}

/** Lets each contender take two steps; throws Error unless all hold the same bits after them. Resets them then. */
export function requireSameBits(contenders: readonly Contender[]): void {
  const states = contenders.map((contender) => {
    takeSteps(contender)
    const { variable, accumulator = [] } = contender.read()
    const bits = [Array.from(variable), Array.from(accumulator)]
    contender.reset()
    return bits
  })
  states.forEach((state, k) => {
    state.forEach((values, role) => {
      const i = values.findIndex((value, i) => !Object.is(value, states[0][role][i]))
      if (i === -1 && values.length === states[0][role].length) return
      const where = `${role === 0 ? 'variable' : 'accumulator'}, coordinate ${i}`
      throw new Error(`'${contenders[k].name}' and '${contenders[0].name}' differ in ${where}`)
    })
  })
}

function takeSteps({ step }: Contender): void {
  for (let n = 0; n < STEPS; n++) step()
}
