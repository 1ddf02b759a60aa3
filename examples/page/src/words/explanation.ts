import type { Explanation } from 'clippy-adagrad'
import { factorText, short, whole } from './numbers.ts'
import type { NamedVariable } from './variables.ts'

/** What `explain` found for one variable, in words. */
export interface Explained {
  /** Which coordinate limits the variable. */
  lead: string
  /** Names and numbers; empty where there is no such coordinate. */
  figures: readonly (readonly [name: string, value: string])[]
  /** What follows. */
  outcome: string
}

/** The variable with the smallest factor; undefined before anything was explained. */
export function mostHeldBack(explanations: readonly Explanation[]): number | undefined {
  let found: number | undefined
  explanations.forEach(({ factor }, index) => {
    if (found === undefined || factor < explanations[found].factor) found = index
  })
  return found
}

export function explained(variable: NamedVariable, { factor, limiting, shareOverBound }: Explanation): Explained {
  const { name } = variable
  if (limiting === undefined) return { lead: `Nothing in ${name} had a gradient.`, figures: [], outcome: '' }
  const { index, value, bound, proposedChange } = limiting
  const place = `${variable.coordinate(index)} (index ${whole(index)})`
  return {
    lead: factor === 1 ? `Closest to its bound: ${place}.` : `Held back by ${place}.`,
    figures: [
      ['its value', short(value)],
      ['an unclipped step', short(proposedChange)],
      ['it may move by', short(bound)],
      ['factor', factorText(factor)],
    ],
    outcome:
      factor === 1
        ? `No number in ${name} wanted to move further than it may, so the step was taken whole.`
        : `${percent(shareOverBound)} of the numbers with a gradient wanted to move further than they may. The whole step of ${name} was multiplied by ${factorText(factor)}.`,
  }
}

function percent(share: number): string {
  const rounded = share * 100
  return `${rounded < 0.1 ? 'Under 0.1' : rounded < 10 ? rounded.toFixed(1) : rounded.toFixed(0)}%`
}
