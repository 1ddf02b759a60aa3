import { type Profiler, Session } from 'node:inspector'
import { setFlagsFromString } from 'node:v8'

/** How often the pieces of code of one source file run during a call, all of them together. */
type WorkOf = (call: () => void) => number

/**
 * Lends a measure of work that is the same on every machine. What it measures has to be loaded meanwhile: code that has been
 * optimised before does not count. Everything is slow until it ends.
 */
export function measuringWork(file: string, use: (workOf: WorkOf) => void): void {
  const session = new Session()
  session.connect()
  const take = () => {
    let runs = 0
    // Counting starts again from 0 each time.
    session.post('Profiler.takePreciseCoverage', (_, { result }) => {
      runs = result.filter(({ url }) => url.endsWith(file)).reduce((sum, script) => sum + runsOf(script), 0)
    })
    return runs
  }
  setFlagsFromString('--no-opt')
  try {
    session.post('Profiler.enable')
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
    use((call) => {
      take()
      call()
      return take()
    })
  } finally {
    session.disconnect()
    setFlagsFromString('--opt')
  }
}

function runsOf({ functions }: Profiler.ScriptCoverage): number {
  return functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0)
}
