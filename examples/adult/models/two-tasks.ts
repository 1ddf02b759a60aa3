import { Branches } from '../layers/branches.ts'
import { Dense } from '../layers/dense.ts'
import { Experts } from '../layers/experts.ts'
import type { Layer, Making } from '../layers/layer.ts'
import { Stack } from '../layers/stack.ts'
import { Model } from '../model.ts'
import { embed, type ModelOptions } from './options.ts'
import { reluLayers, tower } from './plain.ts'

export interface TowerOptions extends ModelOptions {
  /**
   * The number of the label that each tower learns; undefined leaves the tower out. Its weights are drawn all the same, so
   * that the rest of the model, and the order of the rows after it, are what they are with it.
   */
  readonly towers?: readonly (number | undefined)[]
  /** Units of each ReLU layer that the towers share. */
  readonly shared?: readonly number[]
  /** Units of each ReLU layer of a tower. */
  readonly hidden?: readonly number[]
}

const BOTH = [0, 1]
const TOWER = [16]

/** Embeddings and numbers side by side → ReLU layers of 64 and 32 → for each task, a ReLU layer of 16 and a logit. */
export function sharedBottom(options: TowerOptions): Model {
  const { towers = BOTH, shared = [64, 32], hidden = TOWER } = options
  const { embeddings, making } = embed(options)
  const inputs = shared.at(-1) ?? embeddings.outputs
  const bottom = reluLayers('shared layer', embeddings.outputs, shared, making)
  const { kept, labels } = keep(towers, (name) => tower(name, inputs, hidden, making))
  return new Model(embeddings, new Stack([...bottom, new Branches(inputs, kept, making)]), making, labels)
}

export interface ExpertsOptions extends TowerOptions {
  readonly experts?: number
}

/**
 * Embeddings and numbers side by side → four experts, each a ReLU layer of 32 → for each task, a gate that mixes them, a
 * ReLU layer of 16 and a logit.
 */
export function mixtureOfExperts(options: ExpertsOptions): Model {
  const { towers = BOTH, shared = [32], hidden = TOWER, experts = 4 } = options
  const { embeddings, making } = embed(options)
  const inputs = embeddings.outputs
  const all = Array.from({ length: experts }, (_, k) => expert(`expert ${k + 1}, layer`, inputs, shared, making))
  const { kept, labels } = keep(towers, (name) => ({
    gate: new Dense({ name: `${name}gate`, inputs, outputs: experts, relu: false }, making),
    tower: tower(name, all[0].outputs, hidden, making),
  }))
  return new Model(embeddings, new Experts(inputs, all, kept, making), making, labels)
}

function expert(name: string, inputs: number, hidden: readonly number[], making: Making): Layer {
  return new Stack(reluLayers(name, inputs, hidden, making))
}

/** Makes what each task has of its own, and drops what is left out. */
function keep<Part>(towers: readonly (number | undefined)[], make: (name: string) => Part) {
  const made = towers.map((label, task) => ({ label, part: make(`task ${task + 1}, `) }))
  const kept = made.filter((each): each is { label: number; part: Part } => each.label !== undefined)
  return { kept: kept.map(({ part }) => part), labels: kept.map(({ label }) => label) }
}
