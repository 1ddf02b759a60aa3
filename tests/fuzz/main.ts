import { parseArgs } from 'node:util'
import { type Case, copyOf, describeCase, shardOf } from '../support/case.ts'
import { hostileCase } from '../support/hostile.ts'
import { Random } from '../support/random.ts'
import { type Violation, violations } from '../support/violations.ts'

/**
 * `npm run test:fuzz [-- --seed N --coordinates N]`: steps on random and hostile input, each coordinate checked against the
 * exact oracle. Ends with 1 at the first broken promise, and prints an input that shows it.
 */
const EXACT_SHARE = 0.2

const { seed, coordinates } = readOptions()
const random = new Random(seed)
const started = performance.now()
let checked = 0
let factors = 0
let cases = 0
let nextReport = coordinates / 20

console.log(`seed ${seed}: checking ${coordinates.toLocaleString('en')} coordinates against the exact oracle`)
while (checked < coordinates) {
  const input = hostileCase(random)
  const checkExactly = random.chance(EXACT_SHARE)
  const found = tryCase(input, checkExactly)
  if (found.length > 0) {
    report(input, found)
    process.exit(1)
  }
  checked += input.variable.length
  cases += 1
  if (checkExactly) factors += 1
  if (checked >= nextReport) {
    nextReport += coordinates / 20
    console.log(`${Math.min(100, Math.round((100 * checked) / coordinates))} % · ${seconds()} s`)
  }
}
console.log(
  `${checked.toLocaleString('en')} coordinates in ${cases.toLocaleString('en')} steps, ` +
    `${factors.toLocaleString('en')} exact factors and moves, seed ${seed}, ${seconds()} s: 0 violations`,
)

/** An error thrown on finite input breaks a promise too. */
function tryCase(input: Case, checkExactly: boolean): Violation[] {
  try {
    return violations(input, random, checkExactly)
  } catch (error) {
    return [{ what: `threw ${String(error)}`, index: 0 }]
  }
}

function report(input: Case, found: readonly Violation[]): void {
  for (const { what, index } of found.slice(0, 5)) console.error(`coordinate ${index}: ${what}`)
  const { index } = found[0]
  // One coordinate is easier to think about than forty; it may need the others' factor, though.
  const single = copyOf(shardOf(input, index, index + 1))
  const smallest = tryCase(single, true).length > 0 ? single : input
  console.error(describeCase(smallest))
  console.error(`after ${checked.toLocaleString('en')} coordinates, seed ${seed}: ${found.length} violations`)
}

function seconds(): string {
  return ((performance.now() - started) / 1000).toFixed(1)
}

function readOptions(): { seed: number; coordinates: number } {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, coordinates: { type: 'string' } } })
  return {
    seed: wholeNumber('--seed', values.seed ?? String(Date.now() % 2 ** 31)),
    coordinates: wholeNumber('--coordinates', values.coordinates ?? '10000000'),
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0 && text.trim() !== '') return value
  console.error(`${name} must be a whole number of at least 0, got '${text}'`)
  process.exit(2)
}
