import { array, describe, readOptions } from '../shared/check.ts'
import type { FloatArray } from '../step/old/index.ts'
import { isVariable } from './gradients.ts'
import { Variable } from './variable.ts'

/** The variables that `excludeFromWeightDecay` exempts: those in `varList`, and those whose name a pattern finds. */
export interface WeightDecayExclusions {
  /** Variables, or raw arrays, that are not decayed. */
  readonly varList?: readonly (Variable | FloatArray)[] | undefined
  /** Regular expressions, as text or RegExp, searched in a variable's name. */
  readonly varNames?: readonly (string | RegExp)[] | undefined
}

/** Tells whether a variable is exempt from weight decay. Throws at once for a bad pattern. */
export function excludedBy(exclusions: WeightDecayExclusions): (variable: Variable) => boolean {
  const { varList = [], varNames = [] } = readOptions('excludeFromWeightDecay', exclusions, ['varList', 'varNames'])
  const values = new Set(array(varList, 'varList').map(arrayOf))
  const patterns = array(varNames, 'varNames').map(patternOf)
  return (variable) => values.has(variable.value) || patterns.some((pattern) => pattern.test(variable.name))
}

function arrayOf(variable: unknown, k: number): FloatArray {
  if (!isVariable(variable)) {
    throw new TypeError(`varList[${k}] is ${describe(variable)}; expected a Variable or a typed array`)
  }
  return variable instanceof Variable ? variable.value : variable
}

function patternOf(pattern: unknown, k: number): RegExp {
  // Without g and y, which would make a search depend on the one before.
  if (pattern instanceof RegExp) return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''))
  if (typeof pattern !== 'string') {
    throw new TypeError(`varNames[${k}] is ${describe(pattern)}; expected a regular expression`)
  }
  try {
    return new RegExp(pattern)
  } catch (error) {
    throw new RangeError(`varNames[${k}] is ${JSON.stringify(pattern)}, which is no regular expression`, {
      cause: error,
    })
  }
}
