import type { Variable } from './variable.ts'

/**
 * Asks about every variable once, whatever happens, because other shards wait for an answer on each: when a question
 * throws, those that follow are put with NaN, and then the error is thrown.
 */
export function askAll(
  variables: readonly Variable[],
  factors: readonly number[],
  ask: (factor: number, variable: Variable) => number,
): number[] {
  let failure: { readonly error: unknown } | undefined
  const answers = variables.map((variable, k) => {
    try {
      return ask(failure === undefined ? factors[k] : Number.NaN, variable)
    } catch (error) {
      failure ??= { error }
      return Number.NaN
    }
  })
  if (failure !== undefined) throw failure.error
  return answers
}

/** Tells the other shards of every variable that this one takes no part in the step. */
export function announceRefusal(
  variables: readonly Variable[],
  ask: (factor: number, variable: Variable) => number,
): void {
  try {
    askAll(
      variables,
      variables.map(() => Number.NaN),
      ask,
    )
  } catch {
    // The reason for the refusal is what the caller has to know.
  }
}
