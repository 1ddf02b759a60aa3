/** Runs `action`; an error of ours is thrown again with the variable's name in front. */
export function naming<Result>(variable: { readonly name: string }, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    throw named(variable, error)
  }
}

/** A RangeError or TypeError of ours with the variable's name in front. */
export function named(variable: { readonly name: string }, error: unknown): Error {
  const message = `variable '${variable.name}': ${error instanceof Error ? error.message : String(error)}`
  return error instanceof RangeError
    ? new RangeError(message, { cause: error })
    : new TypeError(message, { cause: error })
}
