/**
 * For tests of your own optimizer, or of this package's: {@link boundViolation} checks a step's bound exactly, and
 * {@link stepCases} makes inputs that come right up to it.
 *
 * Nothing here uses the step functions or the Optimizer: what judges them must not share their mistakes.
 *
 * @packageDocumentation
 */
export type { BoundOptions } from './bound-options.ts'
export { type BoundViolation, boundViolation } from './bound-violation.ts'
export type { FloatArray, Precision } from './float.ts'
export type { StepCaseOptions } from './settings.ts'
export { type StepCase, type StepCasesOptions, stepCases } from './step-cases.ts'
