import {
  builtInSchedules,
  type CustomObjects,
  kerasSchedules,
  scheduleConfig,
  scheduleFromConfig,
  withoutPackage,
} from '../schedules/index.ts'
import { snakeCaseKeys } from '../shared/case.ts'
import { describe, isObject } from '../shared/check.ts'
import { readConfig } from '../shared/read-config.ts'
import type { LearningRate } from './learning-rate.ts'

export type { CustomObjects } from '../schedules/index.ts'

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
      'learningRate is a function, which a config cannot hold; make it a subclass of LearningRateSchedule',
    )
  }
  return typeof learningRate === 'number' ? learningRate : scheduleConfig(learningRate)
}

/** A config in Keras's spelling: snake_case, a schedule inside as Keras serialises it. */
export function kerasConfig(config: Record<string, unknown>): Record<string, unknown> {
  const { learningRate, ...rest } = config
  // Keras refuses options that it does not know, so one of ours is written only where it says something.
  if (rest.nonFiniteGradients === 'throw') delete rest.nonFiniteGradients
  return { ...snakeCaseKeys({ ...rest, ...KERAS_ONLY }), learning_rate: kerasLearningRate(learningRate) }
}

/** A learning rate as Keras serialises it, one inside another too. */
function kerasLearningRate(learningRate: unknown): unknown {
  if (!isObject(learningRate)) return learningRate
  const { className, config } = learningRate as { className: string; config: Record<string, unknown> }
  const isKeras = kerasSchedules.some((Schedule) => Schedule.className === className)
  const { afterWarmupLrSched } = config
  const inner = className === 'LinearWarmup' ? { afterWarmupLrSched: kerasLearningRate(afterWarmupLrSched) } : {}
  return {
    module: isKeras ? 'keras.optimizers.schedules' : null,
    class_name: className,
    config: snakeCaseKeys({ ...config, ...inner }),
    registered_name: isKeras ? null : className,
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
  const outer = readConfig(config, className)
  const isWrapped = Object.hasOwn(outer, 'className')
  if (isWrapped && withoutPackage(outer.className) !== className) {
    throw new RangeError(`the config is of class ${describe(outer.className)}; expected '${className}'`)
  }
  const options = isWrapped ? readConfig(outer.config, className) : outer
  for (const key of Object.keys(KERAS_ONLY)) delete options[key]
  if (typeof options.learningRate === 'object') {
    options.learningRate = scheduleFromConfig(options.learningRate, 'learningRate', builtInSchedules(), customObjects)
  }
  readInfinity(options)
  return options
}

/** Thresholds as data: JSON has no Infinity, so it is written as a string. */
export function thresholdsConfig(settings: { readonly absoluteThreshold?: number | undefined }): object {
  return settings.absoluteThreshold === Infinity ? { ...settings, absoluteThreshold: 'Infinity' } : settings
}

/** Undoes in the options of a config what `thresholdsConfig` has written. */
export function readInfinity(options: { absoluteThreshold?: unknown }): void {
  if (options.absoluteThreshold === 'Infinity') options.absoluteThreshold = Infinity
}
