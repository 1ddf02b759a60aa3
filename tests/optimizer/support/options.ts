import fc from 'fast-check'
import { ClippyAdagrad } from '../../../src/index.ts'

/** The options of a ClippyAdagrad by name, nothing known of their kinds. */
export type Options = Readonly<Record<string, unknown>>

const defaults: Options = new ClippyAdagrad().getConfig()

/** Every option, from the class itself: a new one is tested without anyone remembering it here. */
export const optionNames: readonly string[] = Object.keys(defaults)

export function make(options: Options): ClippyAdagrad {
  return new ClippyAdagrad(options)
}

/** Whether the class takes these options; a RangeError or TypeError means no. */
export function accepts(options: Options): boolean {
  try {
    make(options)
    return true
  } catch {
    return false
  }
}

/** Values of every kind that an option may have, some of them hard to write down. */
const candidates: readonly unknown[] = [
  true,
  false,
  'skip',
  'another',
  '',
  'ClippyAdagrad "2"\n',
  1,
  3,
  0,
  0.1 + 0.2,
  1e-3,
  5e-324,
  2 ** -1022,
  Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
  Number.POSITIVE_INFINITY,
]

/** The values that the class takes for an option by itself and that are not its default. */
export function valuesOf(option: string): readonly unknown[] {
  return candidates.filter((value) => !Object.is(value, defaults[option]) && accepts({ [option]: value }))
}

const anyEntries = fc.record(
  Object.fromEntries(optionNames.map((option) => [option, fc.constantFrom(...valuesOf(option))])),
  { requiredKeys: [] },
)

/** Any options that go together; where some exclude each other, those that come first by chance stay. */
export const anyOptions: fc.Arbitrary<Options> = fc
  .tuple(anyEntries, fc.shuffledSubarray([...optionNames], { minLength: optionNames.length }))
  .map(([entries, order]) => {
    let options: Options = {}
    for (const option of order) {
      const more = option in entries ? { ...options, [option]: entries[option] } : options
      if (accepts(more)) options = more
    }
    return options
  })
