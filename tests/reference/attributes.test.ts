/** Replays fixtures/attributes.json: attributes set between the steps of whole optimizers. */
import { suite } from 'uvu'
import { readCases } from './replay.ts'
import { replayTraining, type TrainingCase } from './training.ts'

const cases = readCases<TrainingCase>('attributes')

const single = suite('Each step after an attribute was set agrees with the reference from the same state')
for (const recorded of cases) single(recorded.name, () => replayTraining(recorded, true))
single.run()

const left = suite('An optimizer whose attributes are set as it runs agrees with the reference')
for (const recorded of cases) left(recorded.name, () => replayTraining(recorded, false))
left.run()
