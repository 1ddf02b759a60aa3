import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { asRatio, joined, Race, tableOf, withQuartiles } from '../../bench/figures.ts'
import { summarise } from '../../tools/statistics.ts'

const test = suite('bench: figures')

const figure = (row: string, column: string, ...values: number[]) => ({ row, column, value: summarise(values) })

test('a table has rows and columns in order of appearance, and a dash where there is no figure', () => {
  const figures = [figure('b', '16', 0.5), figure('b', '64', 0.25), figure('a', '16', 20)]
  assert.is(
    tableOf(figures, asRatio),
    ['|     |   16 |   64 |', '| --- | ---: | ---: |', '| b   | 0.50 | 0.25 |', '| a   | 20.0 |    – |'].join('\n'),
  )
})

test('ratios have two decimals below ten', () => {
  const written = [0.0049, 0.126, 9.994, 9.996, 1234].map((value) => asRatio(summarise([value])))
  assert.equal(written, ['0.00', '0.13', '9.99', '10.0', '1,230'])
  assert.is(withQuartiles(summarise([1, 2, 3])), '2.00 (1.50–2.50)')
})

test('the tables of two sessions are joined by name', () => {
  const [one, two, three] = [figure('a', 'x', 1), figure('b', 'x', 2), figure('c', 'x', 3)]
  assert.equal(joined({ t: [one] }, { t: [two], u: [three] }), { t: [one, two], u: [three] })
})

test('a figure is computed from the times of one round at a time', () => {
  const contender = (name: string) => ({ name, step() {}, reset() {}, read: () => ({ variable: [] }) })
  const race = new Race('16', [contender('base'), contender('a')], { rounds: 3, milliseconds: 0.01 })
  const [base, a] = race.figures((own, of) => own / of('base'))
  assert.equal(base, figure('base', '16', 1, 1, 1))
  assert.is(a.column, '16')
  const [same] = race.figures((own, of) => own - of('base'))
  assert.equal(same.value, summarise([0]))
  assert.throws(() => race.figures((_, of) => of('c')), /nobody in this race is called 'c'/)
})

test.run()
