import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Team } from '../team/team.ts'
import { refusalOf } from './support.ts'

const test = suite('workers: a team')

const startThree = () =>
  Team.start<undefined, readonly number[], number>(new URL('programs/leaving.ts', import.meta.url), 3, undefined)

test('all threads learn the smallest number that any of them says', async () => {
  const team = await startThree()
  assert.equal(await team.tell([]), [10, 10, 10])
  await team.end()
})

test('a thread that throws while others wait for it ends the team with its error', async () => {
  const team = await startThree()
  const error = await refusalOf(team.tell([1]))
  assert.is(error.message, 'thread 1 leaves')
  assert.is(await refusalOf(team.tell([])), error)
})

test('where all threads throw, nobody waits, and the team goes on', async () => {
  const team = await startThree()
  assert.is((await refusalOf(team.tell([0, 1, 2]))).message, 'thread 0 leaves')
  assert.equal(await team.tell([]), [10, 10, 10])
  await team.end()
})

test('a thread that ends in the middle of a command takes those that wait for it with it', async () => {
  const program = new URL('programs/exiting.ts', import.meta.url)
  const team = await Team.start<undefined, number, number>(program, 3, undefined)
  assert.equal(await team.tell(-1), [10, 10, 10])
  const error = await refusalOf(team.tell(1))
  assert.is(error.message, 'a thread ended with code 7, so the team has ended')
  assert.is(await refusalOf(team.tell(-1)), error)
})

test('a program that cannot start is the error of the start', async () => {
  const start = Team.start(new URL('programs/missing.ts', import.meta.url), 2, undefined)
  assert.match((await refusalOf(start)).message, /missing/)
})

test.run()
