import fc from 'fast-check'
import { suite } from 'uvu'
import { holds } from '../support/property.ts'
import { anyCommands, anyExclusion } from './support/commands.ts'
import { warningsOf } from './support/quiet.ts'
import { Real } from './support/real.ts'
import { anySettings } from './support/settings.ts'
import { Twin } from './support/twin.ts'
import { anyStart } from './support/variables.ts'

const test = suite('optimizer model')

test('any sequence of calls leaves an optimizer in the state of a plain twin written from the formulas', () => {
  const starts = fc.array(anyStart, { minLength: 2, maxLength: 4 })
  const sessions = starts.chain((list) =>
    fc.tuple(anySettings, fc.constant(list), anyExclusion(list.length), anyCommands(list.length)),
  )
  warningsOf(() => {
    holds(
      sessions,
      ([settings, list, exclusion, commands]) => {
        const [twin, real] = [new Twin(settings, list), new Real(settings, list)]
        exclusion.run(twin, real)
        fc.modelRun(() => ({ model: twin, real }), commands)
      },
      500,
    )
  })
})

test.run()
