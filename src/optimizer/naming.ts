/** What errors say of a variable. */
interface Named {
  readonly name: string
}

/** Throws the RangeError that says what is wrong with a variable. */
export function refuseVariable({ name }: Named, wrong: string): never {
  throw new RangeError(`variable '${name}': ${wrong}`)
}

/** Runs `action`; an error of ours is thrown again with the variable's name in front. */
export function naming<Result>(variable: Named, action: () => Result, place?: number): Result {
  try {
    return action()
  } catch (error) {
    throw named(variable, error, place)
  }
}

/** A RangeError or TypeError of ours with the variable's name in front, and its place in the caller's pairs if known. */
export function named(variable: Named, error: unknown, place?: number): Error {
  const pair = place === undefined ? '' : `gradsAndVars[${place}], `
  const message = `${pair}variable '${variable.name}': ${error instanceof Error ? error.message : String(error)}`
  const Kind = error instanceof RangeError ? RangeError : TypeError
  return new Kind(message, { cause: error })
}
