/** Runs our Optimizer over a case of fixtures/training.json and compares its whole state after every step. */
import * as assert from 'uvu/assert'
import { ClippyAdagrad, Variable } from '../../src/index.ts'
import {
  agree,
  agreeAll,
  agreeMoved,
  type FloatArray,
  floats,
  gradientOf,
  OF_A_RUN,
  OF_A_STEP,
  type Precision,
  type RecordedGradient,
  type Tolerance,
} from './replay.ts'
import { type RecordedSchedule, scheduleOf } from './schedule-of.ts'

interface Described {
  name: string
  dtype: Precision
  shape: number[]
}

interface TrainingStep {
  gradients: (RecordedGradient | null)[]
  learningRate: number
  variables: number[][]
  slots: number[][]
  /** Attributes set before the step. */
  changes?: Partial<ClippyAdagrad>
}

type Rate = number | (RecordedSchedule & { precision: Precision })

export interface TrainingCase {
  name: string
  options: { learningRate?: Rate }
  excludedVariables: string[]
  excludedNames: string[]
  scope: string | null
  variables: (Described & { value: number[] })[]
  slots: Described[]
  steps: TrainingStep[]
  finalized: number[][]
}

interface Model {
  optimizer: ClippyAdagrad
  variables: Variable[]
}

/** Copies of what a step changes. */
interface State {
  variables: FloatArray[]
  slots: FloatArray[]
}

/** Every step of a case; with `restart` each from the recorded state, otherwise from the state we reached. */
export function replayTraining(recorded: TrainingCase, restart: boolean): void {
  const tolerance = restart ? OF_A_STEP : OF_A_RUN
  let model = build(recorded)
  let before = stateOf(model)
  for (const [index, expected] of recorded.steps.entries()) {
    if (restart && index > 0) model = resume(recorded, index)
    before = stateOf(model)
    Object.assign(model.optimizer, expected.changes)
    agreeOnRate(model, recorded, expected)
    assert.is(apply(model, recorded, expected), index + 1)
    assert.is(model.optimizer.iterations, index + 1)
    agreeOnState(model, recorded, expected, before, tolerance)
  }
  if (!restart) sameSlots(model, recorded)
  model.optimizer.finalizeVariableValues(model.variables)
  for (const [i, { name, dtype }] of recorded.variables.entries()) {
    const expected = floats(dtype, recorded.finalized[i])
    agreeMoved(`${name} finalized`, model.variables[i].value, before.variables[i], expected, tolerance[dtype])
  }
}

function build({ options, variables: described, excludedVariables, excludedNames }: TrainingCase): Model {
  const { learningRate, ...others } = options
  const rate = typeof learningRate === 'object' ? scheduleOf(learningRate) : learningRate
  const optimizer = new ClippyAdagrad({ ...others, learningRate: rate })
  const variables = described.map(
    ({ name, shape, dtype, value }) => new Variable(floats(dtype, value), { name, shape }),
  )
  if (excludedVariables.length + excludedNames.length > 0) {
    const varList = variables.filter(({ name }) => excludedVariables.includes(name))
    optimizer.excludeFromWeightDecay({ varList, varNames: excludedNames })
  }
  return { optimizer, variables }
}

/** A fresh model in the recorded state before a step. */
function resume(recorded: TrainingCase, index: number): Model {
  const model = build(recorded)
  const before = recorded.steps[index - 1]
  for (const { changes } of recorded.steps.slice(0, index)) Object.assign(model.optimizer, changes)
  for (const [i, { value }] of model.variables.entries()) value.set(before.variables[i])
  model.optimizer.build(model.variables)
  const slots = before.slots.map((values, i) => floats(precisionOfSlot(recorded.slots[i]), values))
  model.optimizer.loadOwnVariables({ ...[[index], ...slots] })
  return model
}

function stateOf(model: Model): State {
  const values = (variables: Variable[]): FloatArray[] => variables.map(({ value }) => value.slice())
  return { variables: values(model.variables), slots: values(slotsOf(model)) }
}

/** The optimizer's variables without the first, the iteration. */
function slotsOf({ optimizer }: Model): Variable[] {
  return optimizer.variables.slice(1)
}

function apply({ optimizer, variables }: Model, { scope }: TrainingCase, { gradients }: TrainingStep): number {
  const pairs = variables.map((variable, i): [ReturnType<typeof gradientOf> | null, Variable] => {
    const gradient = gradients[i]
    return [gradient && gradientOf(precisionOf(variable.value), gradient), variable]
  })
  const { result, warnings } = listening(() => optimizer.applyGradients(pairs, scope === null ? {} : { name: scope }))
  const missing = variables.filter((_variable, i) => gradients[i] === null)
  // One warning of all that are missing; none where the optimizer has said so before.
  assert.ok(warnings.length <= Math.min(1, missing.length))
  for (const warning of warnings) for (const { name } of missing) assert.match(warning, name)
  return result
}

/** Calls with console.warn held back. */
function listening<Result>(call: () => Result): { result: Result; warnings: string[] } {
  const { warn } = console
  const warnings: string[] = []
  console.warn = (text: string) => warnings.push(text)
  try {
    return { result: call(), warnings }
  } finally {
    console.warn = warn
  }
}

function precisionOf(array: FloatArray): Precision {
  return array instanceof Float32Array ? 'float32' : 'float64'
}

/** A factor is a double here; the reference keeps it in the precision of its variable. */
function precisionOfSlot({ name, dtype }: Described): Precision {
  return isFactor(name) ? 'float64' : dtype
}

function isFactor(name: string): boolean {
  return name.includes('/clipping_factor/')
}

function agreeOnRate({ optimizer }: Model, { options }: TrainingCase, expected: TrainingStep): void {
  const exact = typeof options.learningRate === 'object' && options.learningRate.precision === 'float64'
  agree('learning rate', Number(optimizer.learningRate), expected.learningRate, exact ? 1e-12 : 1e-4)
}

function agreeOnState(
  model: Model,
  recorded: TrainingCase,
  expected: TrainingStep,
  before: State,
  tolerance: Tolerance,
): void {
  const { optimizer, variables } = model
  const when = `after step ${optimizer.iterations}`
  for (const [i, { name, dtype }] of recorded.variables.entries()) {
    const after = floats(dtype, expected.variables[i])
    agreeMoved(`${name} ${when}`, variables[i].value, before.variables[i], after, tolerance[dtype])
  }
  const factors: number[] = []
  const slots = slotsOf(model)
  assert.is(slots.length, recorded.slots.length)
  for (const [i, { name, dtype }] of recorded.slots.entries()) {
    const { value } = slots[i]
    const after = floats(precisionOfSlot(recorded.slots[i]), expected.slots[i])
    const what = `${name} ${when}`
    // Nothing is built before the first step: an average then starts from its variable.
    if (name.includes('/average/')) agreeMoved(what, value, before.slots[i] ?? after, after, tolerance[dtype])
    else agreeAll(what, value, after, tolerance[dtype])
    if (isFactor(name)) factors.push(value[0])
  }
  assert.equal(optimizer.clippingFactors, factors)
}

/** The optimizer's variables have the reference's names, shapes and order. */
function sameSlots(model: Model, recorded: TrainingCase): void {
  assert.is(model.optimizer.variables[0].name, 'iteration')
  const described = slotsOf(model).map(({ name, value, shape }) => ({
    name,
    dtype: precisionOf(value),
    shape: [...shape],
  }))
  const expected = recorded.slots.map((slot) => ({ ...slot, dtype: precisionOfSlot(slot) }))
  assert.equal(described, expected)
}
