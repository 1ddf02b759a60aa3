import { camelCaseKeys } from './case.ts'
import { plainObject } from './check.ts'

/** The own properties of a class's config, keys in camelCase. Throws TypeError for what is no plain object. */
export function readConfig(config: unknown, className: string): Record<string, unknown> {
  return camelCaseKeys(plainObject(config, `${className}'s config`), className)
}
