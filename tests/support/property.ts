import fc from 'fast-check'

/** The same inputs in every run, so that a change that fails has caused it; `npm run test:fuzz` takes others each time. */
const SEED = 20230217

/**
 * Checks a law on generated inputs: the same ones each time, unless FC_SEED says otherwise. A failure prints its seed and path;
 * give them back as FC_SEED and FC_PATH. FC_RUNS sets how many inputs each law gets.
 */
export function holds<T>(inputs: fc.Arbitrary<T>, law: (input: T) => void, runs = 1000): void {
  const { FC_SEED, FC_RUNS, FC_PATH } = process.env
  fc.assert(fc.property(inputs, law), {
    numRuns: FC_RUNS === undefined ? runs : whole('FC_RUNS', FC_RUNS),
    seed: FC_SEED === undefined ? SEED : whole('FC_SEED', FC_SEED),
    ...(FC_PATH === undefined ? {} : { path: FC_PATH }),
  })
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || text.trim() === '') throw new Error(`${name} must be a whole number, got '${text}'`)
  return value
}
