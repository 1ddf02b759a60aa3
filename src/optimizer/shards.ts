import type { Decision } from './decision.ts'
import type { Variable } from './variable.ts'

/** Tells of a variable and its factor, and gives the factor to use. */
type Ask = (factor: number, variable: Variable) => number

/** Leaves in each decision what all shards agree on. Throws what a question throws, once all have been put. */
export function askAll(decisions: readonly Decision[], ask: Ask): void {
  let failure: { readonly error: unknown } | undefined
  for (const decision of decisions) {
    try {
      decision.agreed = ask(failure === undefined ? decision.factor : NaN, decision.share.trained.variable)
    } catch (error) {
      failure ??= { error }
    }
  }
  if (failure !== undefined) throw failure.error
}

/** Tells the other shards of every variable that this one takes no part in the step. */
export function announceRefusal(variables: readonly Variable[], ask: Ask): void {
  for (const variable of variables) {
    try {
      ask(NaN, variable)
    } catch {
      // The reason for the refusal is what the caller has to know, and others wait for an answer on each variable.
    }
  }
}
