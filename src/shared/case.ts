/**
 * Option names are camelCase here and snake_case in Keras. Only `_` between a letter or digit and a small letter is a
 * word break, so odd keys (`__proto__`, `_x`, `beta_1`) stay what they are and are refused by whoever reads them.
 */

// No lookbehind: Safari before 16.4 cannot even load it.

/** `initialLearningRate` → `initial_learning_rate`. */
export function toSnakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter, at: number) =>
    isLetterOrDigit(key.charAt(at - 1)) ? `_${letter.toLowerCase()}` : letter,
  )
}

/** `initial_learning_rate` → `initialLearningRate`; camelCase stays as it is. */
export function toCamelCase(key: string): string {
  return key.replace(/_([a-z])/g, (both, letter: string, at: number) =>
    isLetterOrDigit(key.charAt(at - 1)) ? letter.toUpperCase() : both,
  )
}

function isLetterOrDigit(character: string): boolean {
  return /[A-Za-z0-9]/.test(character)
}

/** A copy of `config` with its own keys in snake_case; values are kept as they are, at one level only. */
export function snakeCaseKeys(config: object): Record<string, unknown> {
  // Object.fromEntries defines properties, it never assigns, so a key `__proto__` stays an ordinary key.
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [toSnakeCase(key), value]))
}

/** A copy of `config` with its own keys in camelCase. One option spelled both ways is a `TypeError`. */
export function camelCaseKeys(config: object, what: string): Record<string, unknown> {
  const spelling = new Map<string, string>()
  const entries = Object.entries(config).map(([key, value]): [string, unknown] => {
    const name = toCamelCase(key)
    const other = spelling.get(name)
    if (other !== undefined) throw new TypeError(`${what}: ${other} and ${key} are the same option; give one of them`)
    spelling.set(name, key)
    return [name, value]
  })
  return Object.fromEntries(entries)
}
