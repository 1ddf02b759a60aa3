import { array, readOptions } from '../shared/check.ts'
import { type FloatArray, requireFiniteAt } from '../step/index.ts'
import { requireVariables } from './gradients.ts'
import { decayInto } from './loops.ts'
import { matcherOf, type NamePattern, readPattern } from './name-patterns.ts'
import { naming, refuseVariable } from './naming.ts'
import { arrayOf, type Variable } from './variable.ts'

/**
 * Writes to `result` what w − w · weightDecay · learningRate gives on every value, each operation in the variable's
 * precision. Throws RangeError where the product of the two is above 2, which would make weights grow, and for a value that
 * is not finite.
 */
export function decayTo(result: FloatArray, variable: Variable, weightDecay: number, learningRate: number): void {
  const { value } = variable
  if (weightDecay * learningRate > 2) {
    refuseVariable(
      variable,
      `learning rate ${learningRate} times weight decay ${weightDecay} is above 2, where weight decay makes weights grow; lower one of them`,
    )
  }
  if (decayInto(result, value, weightDecay, learningRate)) return
  // What overflows on the way goes by the product of the two, which is at most 2.
  const kept = 1 - weightDecay * learningRate
  for (let i = 0; i < value.length; i++) {
    if (Number.isFinite(result[i])) continue
    naming(variable, () => requireFiniteAt(value, i, 'variable'))
    result[i] = value[i] * kept
  }
}

/** The variables that `excludeFromWeightDecay` exempts: those in `varList`, and those whose name a pattern finds. */
export interface WeightDecayExclusions {
  /** Variables, or raw arrays, that are not decayed. */
  readonly varList?: readonly (Variable | FloatArray)[] | undefined
  /** Regular expressions, as text or RegExp, searched in a variable's name. */
  readonly varNames?: readonly NamePattern[] | undefined
}

/** Tells whether a variable is exempt from weight decay. Throws at once for a bad pattern. */
export function excludedBy(exclusions: WeightDecayExclusions): (variable: Variable) => boolean {
  const { varList = [], varNames = [] } = readOptions('excludeFromWeightDecay', exclusions, ['varList', 'varNames'])
  requireVariables(varList)
  const values = new Set(varList.map(arrayOf))
  const patterns = array(varNames, 'varNames').map((pattern, k) => readPattern(pattern, `varNames[${k}]`))
  return (variable) => values.has(variable.value) || patterns.some(matcherOf(variable.name))
}
