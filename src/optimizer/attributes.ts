import type { GradientClipping } from './clip-gradients.ts'
import {
  clippingOf,
  OPTION_CHECKS,
  type OptimizerOptions,
  type OptimizerSettings,
  requireOneClipping,
} from './options.ts'

/**
 * The options of every optimizer as attributes, which can be read and set between steps; a value is checked as in the
 * constructor. Those that shape the state can be set before `build` only: Error afterwards.
 */
export abstract class Attributes {
  readonly #settings: OptimizerSettings

  constructor(options: Partial<Record<keyof OptimizerOptions, unknown>>, className: string) {
    requireOneClipping(options)
    const check = OPTION_CHECKS
    this.#settings = {
      name: check.name(options.name ?? className),
      weightDecay: check.weightDecay(options.weightDecay),
      clipnorm: check.clipnorm(options.clipnorm),
      clipvalue: check.clipvalue(options.clipvalue),
      globalClipnorm: check.globalClipnorm(options.globalClipnorm),
      useEma: check.useEma(options.useEma),
      emaMomentum: check.emaMomentum(options.emaMomentum),
      emaOverwriteFrequency: check.emaOverwriteFrequency(options.emaOverwriteFrequency),
      nonFiniteGradients: check.nonFiniteGradients(options.nonFiniteGradients),
    }
  }

  /** Whether the variables are known and the slots made. */
  abstract get built(): boolean

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

  #set<Option extends keyof OptimizerSettings>(option: Option, given: unknown): void {
    requireOneClipping({ ...this.#settings, [option]: given })
    this.#settings[option] = OPTION_CHECKS[option](given)
  }

  /** Throws Error once the state has its shape. */
  protected requireUnbuilt(attribute: string): void {
    if (!this.built) return
    throw new Error(`${attribute} cannot be set after build; set it on a new optimizer before its first step`)
  }

  /** The one way in which gradients are clipped. */
  protected get clipping(): GradientClipping {
    return clippingOf(this.#settings)
  }

  /** Every option but the learning rate, as plain JSON data. */
  protected settingsConfig(): Record<string, unknown> {
    return { ...this.#settings }
  }
}
