import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LaunchOptions } from './launch.ts'

const HOSTS = new URL('cluster/hosts', import.meta.url)
const NETWORK = '10.77.0.0/24'
const ADDRESSES = ['10.77.0.1', '10.77.0.2']

/**
 * Stands in for two machines where there is one, with root and iproute2: two network namespaces, each with a host name and
 * a network of its own, and a virtual cable between them. Open MPI starts its daemon on either, and has only TCP between
 * them. `action` gets what `launch` needs, for so many ranks on each. Throws where namespaces cannot be had.
 */
export async function onTwoMachines<Result>(
  ranksOnEach: number,
  action: (options: LaunchOptions) => Promise<Result>,
): Promise<Result> {
  const names = ['a', 'b'].map((letter) => `mpi${process.pid}${letter}`)
  const folder = mkdtempSync(join(tmpdir(), 'two-machines-'))
  try {
    for (const name of names) ip('netns', 'add', name)
    const [a, b] = names
    ip('link', 'add', a, 'netns', a, 'type', 'veth', 'peer', 'name', b, 'netns', b)
    names.forEach((name, k) => {
      ip('-n', name, 'addr', 'add', `${ADDRESSES[k]}/24`, 'dev', name)
      for (const device of ['lo', name]) ip('-n', name, 'link', 'set', device, 'up')
    })
    // Open MPI tells machines apart by their host names.
    const enter = script(folder, 'enter', 'hostname "$1"; shift; exec "$@"')
    const on = (name: string) => ['ip', 'netns', 'exec', name, 'unshare', '--uts', enter, name]
    // Where machines are real this is ssh: it is called with an address and a command.
    const agent = script(folder, 'agent', `shift; exec ${on(b).join(' ')} sh -c "$*"`)
    const hosts = join(folder, 'hosts')
    writeFileSync(hosts, hostfile(ranksOnEach))
    const settings = { plm_rsh_agent: agent, oob_tcp_if_include: NETWORK, btl_tcp_if_include: NETWORK }
    const machines = [
      '--hostfile',
      hosts,
      ...Object.entries(settings).flatMap(([name, value]) => ['--mca', name, value]),
    ]
    return await action({ prefix: on(a), machines })
  } finally {
    for (const name of names) {
      try {
        ip('netns', 'del', name)
      } catch {
        // It was not made.
      }
    }
    rmSync(folder, { recursive: true })
  }
}

/** The example's hostfile, of as many machines as there are addresses. */
function hostfile(ranksOnEach: number): string {
  const hosts = readFileSync(HOSTS, 'utf8')
    .split('\n')
    .filter((line) => line.includes(' slots='))
  return ADDRESSES.map((address, k) => hosts[k].replace(/^\S+ slots=\d+$/, `${address} slots=${ranksOnEach}`)).join(
    '\n',
  )
}

/** Why there cannot be two machines here; undefined where there can. */
export async function whyNotTwoMachines(): Promise<string | undefined> {
  try {
    await onTwoMachines(1, async () => {})
    return undefined
  } catch (error) {
    return `network namespaces need root and iproute2: ${error instanceof Error ? error.message.split('\n')[0] : error}`
  }
}

function script(folder: string, name: string, commands: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${commands}\n`)
  chmodSync(path, 0o755)
  return path
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
