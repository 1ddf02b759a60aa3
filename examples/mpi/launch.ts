import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** How a run under mpirun ended. */
export interface Run {
  /** mpirun's exit code; 137 after a rank was killed by SIGKILL. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface LaunchOptions {
  /** That of the PATH unless given. */
  readonly mpirun?: string
  /** What starts mpirun itself, and what it is told about machines; this machine alone unless given. */
  readonly prefix?: readonly string[]
  readonly machines?: readonly string[]
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Called with each line of standard output as it comes. */
  readonly onLine?: (line: string) => void
  /** A run that takes longer is ended; 120 seconds. */
  readonly timeout?: number
}

const SETTINGS = {
  // Containers often forbid the system call by which ranks of one machine read each other's memory.
  OMPI_MCA_btl_vader_single_copy_mechanism: 'none',
  // A rank waits by asking again and again: others who need the core may have it in between.
  OMPI_MCA_mpi_yield_when_idle: '1',
  // Open MPI 5 maps memory at an address that it has found free in mpirun; in a rank V8 may be there, and then it crashes.
  PMIX_MCA_gds: 'hash',
}

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** Starts a program of this folder on that many ranks, as `npm` scripts and the README do, and waits for its end. */
export function launch(
  ranks: number,
  program: string,
  args: readonly (string | number)[] = [],
  { mpirun = 'mpirun', prefix = [], machines = [], env = {}, onLine, timeout = 120_000 }: LaunchOptions = {},
): Promise<Run> {
  // Open MPI refuses root, and more ranks than cores, unless told otherwise. It would bind each rank to a core, be that busy
  // with something else, and the first ranks of both machines of two-machines.ts to the same one.
  const settings = ['--allow-run-as-root', '--oversubscribe', '--bind-to', 'none']
  const start = [mpirun, ...settings, '-n', `${ranks}`, ...machines]
  const [command, ...rest] = [...prefix, ...start, process.execPath, '--import', 'tsx', program, ...args.map(String)]
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, {
      cwd: HERE,
      env: { ...process.env, ...SETTINGS, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
    })
    let [stdout, stderr, line] = ['', '', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      const lines = (line + text).split('\n')
      line = lines.pop() ?? ''
      for (const whole of lines) onLine?.(whole)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
