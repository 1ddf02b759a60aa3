/** Replays fixtures/training.json: whole optimizers with several variables. */
import { suite } from 'uvu'
import { readCases } from './replay.ts'
import { replayTraining, type TrainingCase } from './training.ts'

const cases = readCases<TrainingCase>('training')

const single = suite('Each step of an optimizer agrees with the reference from the same state')
for (const recorded of cases) single(recorded.name, () => replayTraining(recorded, true))
single.run()

const left = suite('An optimizer left to run agrees with the reference')
for (const recorded of cases) left(recorded.name, () => replayTraining(recorded, false))
left.run()
