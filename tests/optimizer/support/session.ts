import { ClippyAdagrad, type ClippyAdagradOptions } from '../../../src/index.ts'
import { type Draw, fitted, gradientOf } from './gradients.ts'
import { copyOfHeld, type Held, hold, type Start } from './variables.ts'

/** A built optimizer and the variables it trains. */
export interface Session {
  readonly optimizer: ClippyAdagrad
  readonly held: readonly Held[]
}

export function start(options: ClippyAdagradOptions, starts: readonly Start[]): Session {
  const held = starts.map((one, place) => hold(one, `variable ${place}`))
  return built(new ClippyAdagrad(options), held)
}

function built(optimizer: ClippyAdagrad, held: readonly Held[]): Session {
  optimizer.build(held.map(({ given }) => given))
  return { optimizer, held }
}

/** Takes a step, unless no variable has a gradient. */
export function take({ optimizer, held }: Session, draws: readonly Draw[]): void {
  const gradients = held.map(({ start: shape }, place) => gradientOf(fitted(draws[place], shape)))
  if (gradients.every((gradient) => gradient === null)) return
  optimizer.applyGradients(gradients.map((gradient, place) => [gradient, held[place].given]))
}

/** How a state gets from one process to another. */
export type Medium = (from: ClippyAdagrad, to: ClippyAdagrad) => void

function stored(from: ClippyAdagrad): Record<string, unknown> {
  const store = {}
  from.saveOwnVariables(store)
  return store
}

export const media: Readonly<Record<string, Medium>> = {
  'JSON text': (from, to) => to.loadOwnVariables(JSON.parse(JSON.stringify(stored(from)))),
  structuredClone: (from, to) => to.loadOwnVariables(structuredClone(stored(from))),
  'setWeights with typed arrays': (from, to) => to.setWeights(from.variables.map(({ value }) => value.slice())),
  'setWeights with lists of numbers': (from, to) => to.setWeights(from.variables.map(({ value }) => [...value])),
  'setWeights with Variables': (from, to) => to.setWeights(from.variables),
}

/** The session in a fresh optimizer with copies of the variables, its state brought over by the medium. */
export function resumed(session: Session, options: ClippyAdagradOptions, medium: Medium): Session {
  const fresh = built(new ClippyAdagrad(options), session.held.map(copyOfHeld))
  medium(session.optimizer, fresh.optimizer)
  return fresh
}
