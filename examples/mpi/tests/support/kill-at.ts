// Loaded before a program (`node --import`): kills one rank at a certain moment of a checkpoint, as a power cut would.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import type { KillAt } from './moments.ts'

const { rank, call, of, when, count }: KillAt = JSON.parse(process.env.KILL_AT ?? '{}')

/** Whether this call is the one; counts down. */
let left = count
function isNow(path: unknown): boolean {
  return String(path).includes(of) && --left === 0
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

if (Number(process.env.OMPI_COMM_WORLD_RANK) === rank) {
  const { writeFileSync, openSync, renameSync, rmSync } = fs
  let halfWritten: number | undefined
  fs.openSync = (path, ...rest) => {
    const file = openSync(path, ...rest)
    if (call === 'write' && isNow(path)) halfWritten = file
    return file
  }
  fs.writeFileSync = (file, content, ...rest) => {
    if (file !== halfWritten || !(content instanceof Uint8Array)) return writeFileSync(file, content, ...rest)
    fs.writeSync(halfWritten, content.subarray(0, content.length >> 1))
    die()
  }
  fs.renameSync = (from, to) => {
    const now = call === 'rename' && isNow(to)
    if (now && when === 'before') die()
    renameSync(from, to)
    if (now) die()
  }
  fs.rmSync = (path, options) => {
    const now = call === 'rm' && isNow(path)
    if (now && when === 'before') die()
    rmSync(path, options)
    if (now) die()
  }
  syncBuiltinESMExports()
}
