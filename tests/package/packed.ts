import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { REPOSITORY } from '../support/repository.ts'

/** The empty folder outside the repository in which a consumer has installed the tarball; gone when the process ends. */
export const CONSUMER = mkdtempSync(join(tmpdir(), 'clippy-adagrad-'))

/** The package there. */
export const INSTALLED = join(CONSUMER, 'node_modules/clippy-adagrad')

process.on('exit', () => rmSync(CONSUMER, { recursive: true, force: true }))

let tarball: string | undefined

/** Builds and packs as for publishing and installs the tarball, at the first call; gives the tarball's path. */
export function installPacked(): string {
  if (tarball !== undefined) return tarball
  run('npm', ['run', 'build'], REPOSITORY)
  // The build has just run; without --ignore-scripts `prepack` would run it again.
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', CONSUMER], REPOSITORY)
  const tarballs = readdirSync(CONSUMER).filter((name) => name.endsWith('.tgz'))
  if (tarballs.length !== 1) throw new Error(`npm pack made ${tarballs.length} tarballs; expected 1`)
  writeConsumerJson('package.json', { name: 'consumer', private: true, type: 'module' })
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarballs[0]}`], CONSUMER)
  tarball = join(CONSUMER, tarballs[0])
  return tarball
}

/** Writes a JSON file into the consumer's folder. */
export function writeConsumerJson(file: string, content: object): void {
  writeFileSync(join(CONSUMER, file), JSON.stringify(content))
}

/** Runs a program with no input; its output is the error's message if it fails. */
export function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  try {
    return execFileSync(command, args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      maxBuffer: 2 ** 26,
    })
  } catch (error) {
    const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.join(' ')} failed in ${cwd}: ${message}\n${stdout}${stderr}`)
  }
}
