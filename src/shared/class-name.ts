import { ownValue } from './check.ts'

/** A class's own `className`, or its name: an inherited one would bring a subclass back from a config as its base. */
export function ownClassName(Class: { readonly name: string }): string {
  const own = ownValue(Class, 'className')
  return typeof own === 'string' ? own : Class.name
}
