import { camelCaseKeys } from '../shared/case.ts'
import { describe, isObject, plainObject, refuseKind, string } from '../shared/check.ts'
import { readConfig } from '../shared/read-config.ts'
import type { LearningRateSchedule } from './learning-rate-schedule.ts'

/** Makes a schedule from what its `getConfig` returned, keys in camelCase. */
export interface ScheduleClass {
  /** Makes the schedule from what its `getConfig` returned, keys in camelCase. */
  fromConfig(config: Record<string, unknown>, customObjects?: CustomObjects): LearningRateSchedule
}

/** User classes by the name (`className`) under which a config knows them; Keras's `custom_objects`. */
export type CustomObjects = Readonly<Record<string, ScheduleClass>>

/** By shape rather than `instanceof`: a program may hold the ES module and the CommonJS build, each with its own class. */
export function isSchedule(value: unknown): value is LearningRateSchedule {
  if (!isObject(value)) return false
  const { at, getConfig } = value as Partial<LearningRateSchedule>
  return typeof at === 'function' && typeof getConfig === 'function'
}

/** A schedule as data. Throws Error where its class has no name. */
export function scheduleConfig(schedule: LearningRateSchedule): { className: string; config: Record<string, unknown> } {
  const { className } = schedule
  if (typeof className === 'string' && className !== '') return { className, config: schedule.getConfig() }
  throw new Error('the class of the learning rate has no name, so no config could find it again; give it a className')
}

/** A class name without the package under which Keras has registered it: 'Custom>ClippyAdagrad' is 'ClippyAdagrad'. */
export function withoutPackage<Name>(className: Name): Name | string {
  return typeof className === 'string' ? className.slice(className.lastIndexOf('>') + 1) : className
}

/**
 * The schedule that `scheduleConfig` or Keras has written; one that is a schedule already is returned as it is.
 *
 * @param what - the option that it is given for, for messages.
 * @param known - the classes of this package that it may be of.
 */
export function scheduleFromConfig(
  given: unknown,
  what: string,
  known: readonly (ScheduleClass & { readonly className: string })[],
  customObjects: CustomObjects,
): LearningRateSchedule {
  if (isSchedule(given)) return given
  const { className, config } = camelCaseKeys(plainObject(given, what), what)
  const full = string(className, `${what}'s className`)
  const name = Object.hasOwn(customObjects, full) ? full : withoutPackage(full)
  const isCustom = Object.hasOwn(customObjects, name)
  const Schedule = isCustom ? customObjects[name] : known.find((BuiltIn) => BuiltIn.className === name)
  if (Schedule === undefined && !isCustom) {
    const names = [...known.map((BuiltIn) => BuiltIn.className), ...Object.keys(customObjects)]
    throw new RangeError(
      `${what} is of the unknown class ${describe(name)}; known: ${names.join(', ')}; pass your own as customObjects`,
    )
  }
  if (typeof Schedule?.fromConfig !== 'function') {
    refuseKind(Schedule, `customObjects.${name}`, 'a class with a static fromConfig')
  }
  const schedule = Schedule.fromConfig(readConfig(config, name), customObjects)
  if (isSchedule(schedule)) return schedule
  throw new TypeError(`${name}.fromConfig returned ${describe(schedule)}; expected a LearningRateSchedule`)
}
