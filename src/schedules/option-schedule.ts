import { orNull, type Rules, readOptions, settingsOf, string } from '../shared/check.ts'
import { LearningRateSchedule } from './learning-rate-schedule.ts'
import { isSchedule, scheduleConfig } from './serialized.ts'

/** The rule of the option that every schedule has. */
export const NAME = /* @__PURE__ */ [/* @__PURE__ */ orNull(string)] as const

/** A schedule of this package: its fields are its options, checked by the rules, in Keras's order. */
export abstract class OptionSchedule extends LearningRateSchedule {
  readonly #options: readonly string[]

  constructor({ className }: { readonly className: string }, options: unknown, rules: Rules<Record<string, unknown>>) {
    super()
    this.#options = Object.keys(rules)
    Object.assign(this, settingsOf(readOptions(className, options, this.#options), rules, `${className}: `))
  }

  getConfig(): Record<string, unknown> {
    return Object.fromEntries(this.#options.map((option) => [option, asData(Reflect.get(this, option))]))
  }
}

function asData(setting: unknown): unknown {
  if (isSchedule(setting)) return scheduleConfig(setting)
  return Array.isArray(setting) ? [...setting] : setting
}
