import { summarise } from '../../tools/statistics.ts'
import { type Column, formatTable } from '../../tools/table.ts'
import { countTogether, deadShare, failuresOf, type Goals } from './failures.ts'
import { METHODS } from './methods.ts'
import { type ModelKind, tasksOf } from './models.ts'
import type { Run } from './run-log.ts'

/** How many seeds of each rate a task failed with, for every model and method that was run there. */
export function formatFailures(runs: readonly Run[], rates: readonly number[], goals: Goals): string {
  const models = [...new Set(runs.map(({ model }) => model))]
  const rows = models.flatMap((model) =>
    METHODS.flatMap(({ name: method }) => {
      const own = runs.filter((run) => run.model === model && run.method === method)
      if (own.length === 0) return []
      return tasksOf(model).map((task, place) => [
        model,
        tasksOf(model).indexOf(task) === place ? task : `${task}, second tower`,
        method,
        ...rates.map((rate) => {
          const seeds = own.filter(({ learningRate }) => learningRate === rate)
          if (seeds.length === 0) return '–'
          return `${seeds.filter((run) => failuresOf(run, goals)[place]).length} of ${seeds.length}`
        }),
      ])
    }),
  )
  return formatTable(
    [left('model'), left('task'), left('optimizer'), ...rates.map((rate) => right(String(rate)))],
    rows,
  )
}

/** Whether the tasks of a model fail together with Adagrad. */
export function formatTogether(runs: readonly Run[], rates: readonly number[], goals: Goals): string {
  const rows = twoTowers(runs).flatMap((model) =>
    rates.map((learningRate) => {
      const own = runs.filter((run) => run.model === model && run.learningRate === learningRate)
      const { neither, first, second, both } = countTogether(own.filter(isAdagrad), goals)
      return [model, ...[learningRate, neither, first, second, both].map(String)]
    }),
  )
  const headings = ['learning rate', 'neither fails', 'the first task alone', 'the second alone', 'both']
  return formatTable([left('model'), ...headings.map(right)], rows)
}

/** How many units are dead at the end of Adagrad's runs, in what a tower has of its own and in what towers share. */
export function formatDead(runs: readonly Run[], goals: Goals): string {
  const rows = twoTowers(runs).map((model) => {
    const own = runs.filter((run) => run.model === model).filter(isAdagrad)
    const towers = own.flatMap((run) =>
      failuresOf(run, goals).map((failed, place) => ({ failed, dead: deadShare(run, place) })),
    )
    const shared = own.map((run) => ({ failed: failuresOf(run, goals).includes(true), dead: deadShare(run, 'shared') }))
    return [model, ...[towers, shared].flatMap((parts) => [true, false].map((failed) => medianOf(parts, failed)))]
  })
  const headings = [
    'towers that failed',
    'towers that did not',
    'shared, where a task failed',
    'shared, where none did',
  ]
  return formatTable([left('model'), ...headings.map(right)], rows)
}

function medianOf(parts: readonly { failed: boolean; dead: number }[], failed: boolean): string {
  const shares = parts.filter((part) => part.failed === failed).map(({ dead }) => dead)
  return shares.length === 0 ? '–' : `${(100 * summarise(shares).median).toFixed(0)} %`
}

function twoTowers(runs: readonly Run[]): ModelKind[] {
  return [...new Set(runs.map(({ model }) => model))].filter((model) => tasksOf(model).length === 2)
}

function isAdagrad({ method }: Run): boolean {
  return method === 'Adagrad'
}

function left(heading: string): Column {
  return { heading, align: 'left' }
}

function right(heading: string): Column {
  return { heading }
}
