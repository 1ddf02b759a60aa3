/** Runs `action`; a RangeError or TypeError of ours is thrown again with the variable's name in front. */
export function naming<Result>(variable: { readonly name: string }, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    const message = `variable '${variable.name}': ${error instanceof Error ? error.message : String(error)}`
    if (error instanceof RangeError) throw new RangeError(message, { cause: error })
    throw new TypeError(message, { cause: error })
  }
}
