import { builtInSchedules, type LearningRateSchedule } from '../schedules/index.ts'
import { camelCaseKeys, snakeCaseKeys } from '../shared/case.ts'
import { describe, plainObject, string } from '../shared/check.ts'
import { isSchedule, type LearningRate } from './learning-rate.ts'

/** User classes by the name (`className`) under which a config knows them; Keras's `custom_objects`. */
export type CustomObjects = Readonly<
  Record<
    string,
    {
      /** Makes the schedule from what its `getConfig` returned, keys in camelCase. */
      fromConfig(config: Record<string, unknown>): LearningRateSchedule
    }
  >
>

/** How Keras writes an object: what `tf.keras.optimizers.serialize` gives. */
export interface SerializedObject {
  /** The Python module of the class; null for one of yours. */
  readonly module: string | null
  /** The name of the class. */
  readonly class_name: string
  /** Its options, keys in snake_case. */
  readonly config: Record<string, unknown>
  /** The name under which Python has registered a class that is not Keras's own. */
  readonly registered_name: string | null
}

/** Keys of a Keras optimizer's config that mean nothing here; read and ignored, written with these values. */
const KERAS_ONLY = { jitCompile: false, isLegacyOptimizer: false } as const

/** A learning rate as data: the number, or `{ className, config }` of a schedule. Throws Error for a function. */
export function learningRateConfig(learningRate: LearningRate): unknown {
  if (typeof learningRate === 'function') {
    throw new Error(
      'learningRate is a function, which a config cannot hold; make it a subclass of LearningRateSchedule, or save its options yourself',
    )
  }
  if (typeof learningRate === 'number') return learningRate
  const { className } = learningRate
  if (typeof className !== 'string' || className === '') {
    throw new Error('the class of the learning rate has no name, so no config could find it again; give it a className')
  }
  return { className, config: learningRate.getConfig() }
}

/** A config in Keras's spelling: snake_case, a schedule inside as Keras serialises it. */
export function kerasConfig(config: Record<string, unknown>): Record<string, unknown> {
  const { learningRate, ...rest } = config
  // Keras refuses options that it does not know, so one of ours is written only where it says something.
  if (rest.nonFiniteGradients === 'throw') delete rest.nonFiniteGradients
  return { ...snakeCaseKeys({ ...rest, ...KERAS_ONLY }), learning_rate: kerasLearningRate(learningRate) }
}

function kerasLearningRate(learningRate: unknown): unknown {
  if (typeof learningRate !== 'object' || learningRate === null) return learningRate
  const { className, config } = learningRate as { className: string; config: Record<string, unknown> }
  const isBuiltIn = builtInSchedules.some((Schedule) => Schedule.className === className)
  return {
    module: isBuiltIn ? 'keras.optimizers.schedules' : null,
    class_name: className,
    config: snakeCaseKeys(config),
    registered_name: isBuiltIn ? null : className,
  }
}

/**
 * Constructor options from a config: what `getConfig` gave, Keras's config in snake_case, or either wrapped with its
 * class name. The argument is data that may come from anywhere: only own properties are read, and it is not changed.
 *
 * Throws TypeError for another kind and RangeError for another class or an unknown schedule.
 */
export function optionsFromConfig(
  config: unknown,
  className: string,
  customObjects: CustomObjects,
): Record<string, unknown> {
  const outer = camelCaseKeys(plainObject(config, `${className} config`), className)
  const isWrapped = Object.hasOwn(outer, 'className')
  if (isWrapped && withoutPackage(outer.className) !== className) {
    throw new RangeError(`the config is of class ${describe(outer.className)}; expected '${className}'`)
  }
  const given = isWrapped ? camelCaseKeys(plainObject(outer.config, `${className} config`), className) : outer
  const options = Object.fromEntries(Object.entries(given).filter(([key]) => !Object.hasOwn(KERAS_ONLY, key)))
  if (typeof options.learningRate === 'object') {
    options.learningRate = scheduleFromConfig(options.learningRate, customObjects)
  }
  // JSON has no Infinity, so getConfig writes it as a string.
  if (options.absoluteThreshold === 'Infinity') options.absoluteThreshold = Number.POSITIVE_INFINITY
  return options
}

/** A class name without the package under which Keras has registered it: 'Custom>ClippyAdagrad' is 'ClippyAdagrad'. */
function withoutPackage<Name>(className: Name): Name | string {
  return typeof className === 'string' ? className.slice(className.lastIndexOf('>') + 1) : className
}

function scheduleFromConfig(learningRate: unknown, customObjects: CustomObjects): LearningRateSchedule {
  if (isSchedule(learningRate)) return learningRate
  const { className, config } = camelCaseKeys(plainObject(learningRate, 'learningRate'), 'learningRate')
  const given = string(className, "learningRate's className")
  const name = Object.hasOwn(customObjects, given) ? given : withoutPackage(given)
  const Schedule = Object.hasOwn(customObjects, name)
    ? customObjects[name]
    : builtInSchedules.find((BuiltIn) => BuiltIn.className === name)
  if (Schedule === undefined && !Object.hasOwn(customObjects, name)) {
    const known = [...builtInSchedules.map((BuiltIn) => BuiltIn.className), ...Object.keys(customObjects)]
    throw new RangeError(
      `learningRate is of the unknown class ${describe(name)}; known: ${known.join(', ')}; pass your own as customObjects`,
    )
  }
  if (typeof Schedule?.fromConfig !== 'function') {
    throw new TypeError(`customObjects.${name} is ${describe(Schedule)}; expected a class with a static fromConfig`)
  }
  const schedule = Schedule.fromConfig(camelCaseKeys(plainObject(config, `${name} config`), name))
  if (isSchedule(schedule)) return schedule
  throw new TypeError(`${name}.fromConfig returned ${describe(schedule)}; expected a LearningRateSchedule`)
}

/** A class's own `className`, or its name: an inherited one would bring a subclass back as its base. */
export function ownClassName(Class: { readonly name: string }): string {
  const own: unknown = Object.getOwnPropertyDescriptor(Class, 'className')?.value
  return typeof own === 'string' ? own : Class.name
}
