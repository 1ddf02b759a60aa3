/** Replays fixtures/schedules.json: the reference's schedules, made to compute in double and in float32. */
import { suite } from 'uvu'
import { OF_A_STEP, readCases, within } from './replay.ts'
import { type RecordedSchedule, scheduleOf } from './schedule-of.ts'

interface ScheduleCase extends RecordedSchedule {
  name: string
  steps: number[]
  float32: number[]
  float64: number[]
}

/** The reference's float32 arithmetic is up to 6.4e-5 off the formula. */
const TOLERANCE = { float32: 1e-4, float64: OF_A_STEP.float64 }

for (const precision of ['float32', 'float64'] as const) {
  const schedules = suite(`Schedules agree with the reference's in ${precision}`)
  for (const recorded of readCases<ScheduleCase>('schedules')) {
    schedules(recorded.name, () => {
      const schedule = scheduleOf(recorded)
      // Where a cosine comes near 0, its error is one of the whole wave.
      const wave = recorded.class.startsWith('Cosine') ? Math.max(...recorded.float64) : 0
      for (const [i, step] of recorded.steps.entries()) {
        const expected = recorded[precision][i]
        const scale = Math.max(wave, Math.abs(expected))
        within(`the rate of step ${step}`, schedule.at(step), expected, TOLERANCE[precision] * scale)
      }
    })
  }
  schedules.run()
}
