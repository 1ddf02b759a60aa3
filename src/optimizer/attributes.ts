import { rateAt } from '../schedules/index.ts'
import { settingsOf } from '../shared/check.ts'
import { ownClassName } from '../shared/class-name.ts'
import { kerasConfig, learningRateConfig, type SerializedObject } from './config.ts'
import { hide, INSPECT } from './hidden.ts'
import { type LearningRate, readLearningRate } from './learning-rate.ts'
import { OPTIMIZER_RULES, type OptimizerOptions, type OptimizerSettings, requireOneClipping } from './options.ts'

/**
 * The options of every optimizer as attributes, which can be read and set between steps; a value is checked as in the
 * constructor. Those that shape the state can be set before `build` only: Error afterwards.
 */
export abstract class Attributes {
  #settings: OptimizerSettings
  #learningRate: LearningRate
  /** The rate of the step under way: a schedule is asked once a step. For optimizers of this package. */
  protected stepRate: number | undefined

  constructor(options: Partial<Record<keyof OptimizerOptions, unknown>>, className: string) {
    hide(this, INSPECT, () => this.toString())
    requireOneClipping(options)
    this.#learningRate = readLearningRate(options.learningRate === undefined ? 0.001 : options.learningRate)
    this.#settings = settingsOf({ ...options, name: options.name ?? className }, OPTIMIZER_RULES)
  }

  /** Whether the variables are known and the slots made. */
  abstract get built(): boolean

  /** The number of steps taken. */
  abstract get iterations(): number

  /** The rate that the next step will use. A number cannot replace a schedule or function: TypeError. */
  get learningRate(): number {
    return this.stepRate ?? this.scheduledRate()
  }

  /** A number ≥ 0, a schedule or a function; TypeError for a number where there is a schedule or function. */
  set learningRate(given: LearningRate) {
    const learningRate = readLearningRate(given)
    if (typeof learningRate === 'number' && typeof this.#learningRate !== 'number') {
      throw new TypeError(
        `learningRate is a schedule, so it cannot be set to ${learningRate}; give another schedule, or make the optimizer with a number`,
      )
    }
    this.#learningRate = learningRate
  }

  /** What the schedule says of the next step. */
  protected scheduledRate(): number {
    return rateAt(this.#learningRate, this.iterations)
  }

  /** For messages and the names of slots. Before `build` only. */
  get name(): string {
    return this.#settings.name
  }

  set name(given: string) {
    this.requireUnbuilt('name')
    this.#set('name', given)
  }

  /** Decoupled weight decay; null for none. */
  get weightDecay(): number | null {
    return this.#settings.weightDecay
  }

  set weightDecay(given: number | null | undefined) {
    this.#set('weightDecay', given)
  }

  /** Largest norm of each gradient by itself; null for any. Set another clip option to null first. */
  get clipnorm(): number | null {
    return this.#settings.clipnorm
  }

  set clipnorm(given: number | null | undefined) {
    this.#set('clipnorm', given)
  }

  /** Largest magnitude of a gradient's values; null for any. */
  get clipvalue(): number | null {
    return this.#settings.clipvalue
  }

  set clipvalue(given: number | null | undefined) {
    this.#set('clipvalue', given)
  }

  /** Largest norm of all gradients together; null for any. */
  get globalClipnorm(): number | null {
    return this.#settings.globalClipnorm
  }

  set globalClipnorm(given: number | null | undefined) {
    this.#set('globalClipnorm', given)
  }

  /** Whether moving averages are kept. Before `build` only. */
  get useEma(): boolean {
    return this.#settings.useEma
  }

  set useEma(given: boolean) {
    this.requireUnbuilt('useEma')
    this.#set('useEma', given)
  }

  /** Share of the old average that is kept. */
  get emaMomentum(): number {
    return this.#settings.emaMomentum
  }

  set emaMomentum(given: number) {
    this.#set('emaMomentum', given)
  }

  /** Every how many steps averages overwrite the variables; null for never. */
  get emaOverwriteFrequency(): number | null {
    return this.#settings.emaOverwriteFrequency
  }

  set emaOverwriteFrequency(given: number | null | undefined) {
    this.#set('emaOverwriteFrequency', given)
  }

  /** What a step does about NaN or ±Infinity in a gradient. */
  get nonFiniteGradients(): 'throw' | 'skip' {
    return this.#settings.nonFiniteGradients
  }

  set nonFiniteGradients(given: 'throw' | 'skip') {
    this.#set('nonFiniteGradients', given)
  }

  #set(option: keyof OptimizerSettings, given: unknown): void {
    const settings = { ...this.#settings, [option]: given }
    requireOneClipping(settings)
    this.#settings = settingsOf(settings, OPTIMIZER_RULES)
  }

  /** Throws Error once the state has its shape. */
  protected requireUnbuilt(attribute: string): void {
    if (!this.built) return
    throw new Error(`${attribute} cannot be set after build; set it on a new optimizer before its first step`)
  }

  /** Every option, as plain JSON data in camelCase. Throws Error where the learning rate is a function. */
  getConfig(): Record<string, unknown> {
    return { ...this.#settings, learningRate: learningRateConfig(this.#learningRate) }
  }

  /** The form in which Keras writes an optimizer. Throws Error where the learning rate is a function. */
  toJSON(): SerializedObject {
    const className = this.className
    return { module: null, class_name: className, config: kerasConfig(this.getConfig()), registered_name: className }
  }

  /** The name of this very object's class, whatever its base class is called. */
  protected get className(): string {
    return ownClassName(this.constructor)
  }

  /** What this is and where it stands, in words. */
  toString(): string {
    const rate = typeof this.#learningRate === 'number' ? this.#learningRate : 'scheduled'
    return `${this.className} '${this.name}': learningRate ${rate}, iterations ${this.iterations}`
  }
}
