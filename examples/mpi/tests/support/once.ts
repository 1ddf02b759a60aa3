/** The result of the first call, for every call: what several tests look at is run by the first of them, if at all. */
export function once<Result>(make: () => Result): () => Result {
  let made: { result: Result } | undefined
  return () => {
    made ??= { result: make() }
    return made.result
  }
}
