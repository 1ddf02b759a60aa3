import { isObject, readOptions, refuseKind } from '../shared/check.ts'

/** A regular expression that is searched in a variable's name. */
export type NamePattern = string | RegExp

/** A pattern that can be searched with; also what a config makes of a RegExp, `{ source, flags }`. */
export function readPattern(pattern: unknown, what: string): RegExp | string {
  if (typeof pattern === 'string') {
    compiled(pattern, '', what)
    return pattern
  }
  if (pattern instanceof RegExp) return withoutState(pattern)
  const config = isObject(pattern) && !Array.isArray(pattern) ? pattern : {}
  const { source, flags = '' } = readOptions(what, config, ['source', 'flags'])
  if (typeof source !== 'string' || typeof flags !== 'string') refuseKind(pattern, what, 'a regular expression')
  return withoutState(compiled(source, flags, what))
}

/** Tells of each pattern whether it finds this name. */
export function matcherOf(name: string): (pattern: NamePattern) => boolean {
  return (pattern) => (typeof pattern === 'string' ? new RegExp(pattern) : pattern).test(name)
}

/** Without g and y, which would make a search depend on the one before. */
function withoutState({ source, flags }: RegExp): RegExp {
  return new RegExp(source, flags.replace(/[gy]/g, ''))
}

function compiled(source: string, flags: string, what: string): RegExp {
  try {
    return new RegExp(source, flags)
  } catch (error) {
    throw new RangeError(`${what} is ${JSON.stringify(source)}, which is no regular expression`, { cause: error })
  }
}
