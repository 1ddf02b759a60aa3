import { readFileSync, statSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { COLUMNS, ONE_TASK, TWO_TASKS } from '../../../examples/adult/columns.ts'
import { DataError, encode, fitEncoder, parseRows, splitRows } from '../../../examples/adult/data.ts'
import { loadAdult } from '../../../examples/adult/load.ts'
import { seededRandom } from '../../../examples/adult/random.ts'

const test = suite('adult: data')

const RICH = '52, Self-emp-inc, 287927, HS-grad, 9, Married, Exec, Wife, White, Female, 15024, 7, 40, Cuba, >50K'
const POOR = '39, ?, 77516, Bachelors, 13, Never-married, ?, Unmarried, White, Male, 2174, 0, 38, ?, <=50K'

/** The message that a text is refused with. */
function refusal(text: string): string {
  try {
    parseRows(text, 'file')
  } catch (error) {
    assert.instance(error, DataError)
    return (error as DataError).message
  }
  throw new Error('accepted')
}

test('the columns are 6 numeric ones, 8 categories and the label', () => {
  assert.is(COLUMNS.length, 15)
  assert.is(ONE_TASK.numeric.length, 6)
  assert.is(ONE_TASK.categorical.length, 8)
})

test('with two tasks, neither what the second one asks nor what gives it away is an input', () => {
  assert.equal(TWO_TASKS.numeric, ONE_TASK.numeric)
  assert.equal(
    ONE_TASK.categorical.filter((name) => !TWO_TASKS.categorical.includes(name)),
    ['marital-status', 'relationship'],
  )
})

test('a row has a label for each task', () => {
  const rows = parseRows(`${RICH}\n${POOR}`, 'file', TWO_TASKS)
  assert.equal(
    rows.map(({ labels }) => labels),
    [
      [1, 0],
      [0, 1],
    ],
  )
  assert.equal(rows[0].categories, ['Self-emp-inc', 'HS-grad', 'Exec', 'White', 'Female', 'Cuba'])
  const { labels, categories } = encode(rows, fitEncoder(rows))
  assert.equal(labels, [Uint8Array.of(1, 0), Uint8Array.of(0, 1)])
  assert.is(categories.length, 12)
})

test('a row is split into its numbers, its categories and its label', () => {
  assert.equal(parseRows(`${RICH}\n${POOR}\n\n`, 'file'), [
    {
      numbers: [52, 287927, 9, 15024, 7, 40],
      categories: ['Self-emp-inc', 'HS-grad', 'Married', 'Exec', 'Wife', 'White', 'Female', 'Cuba'],
      labels: [1],
    },
    {
      numbers: [39, 77516, 13, 2174, 0, 38],
      categories: ['?', 'Bachelors', 'Never-married', '?', 'Unmarried', 'White', 'Male', '?'],
      labels: [0],
    },
  ])
})

test('the comment line and the full stops of the test file make no difference', () => {
  assert.equal(parseRows(`|1x3 Cross validator\n${RICH}.\n${POOR}.\n`, 'file'), parseRows(`${RICH}\n${POOR}`, 'file'))
})

test('a bar within a line is no comment', () => {
  assert.is(parseRows(RICH.replace('Cuba', 'Cuba|Haiti'), 'file')[0].categories[7], 'Cuba|Haiti')
})

test('a header row names the columns in any order, with dots or underscores too', () => {
  const reversed = [COLUMNS, RICH.split(', '), POOR.split(', ')].map((cells) => [...cells].reverse().join(','))
  const expected = parseRows(`${RICH}\n${POOR}`, 'file')
  assert.equal(parseRows(reversed.join('\n'), 'file'), expected)
  assert.equal(
    parseRows(reversed.join('\n').replace(/-(?=num|status|gain|loss|per|week|country)/g, '.'), 'file'),
    expected,
  )
  assert.equal(parseRows(reversed.join('\r\n').replace('marital-status', '"Marital_Status"'), 'file'), expected)
})

test('a mistake is refused with the line and the column', () => {
  assert.is(
    refusal(`${RICH}\n${POOR.replace('38', 'many')}`),
    'file, line 2: hours-per-week is "many", expected a number',
  )
  assert.is(refusal(`|comment\n\n${POOR.replace('39', '')}`), 'file, line 3: age is "", expected a number')
  assert.is(refusal(RICH.replace('52', 'Infinity')), 'file, line 1: age is "Infinity", expected a number')
  assert.is(refusal(RICH.replace('>50K', 'rich')), 'file, line 1: income is "rich", expected <=50K or >50K')
  assert.match(refusal(`${RICH}\n1,2,3`), /^file, line 2: 3 columns, expected 15 \(age, workclass, .* income\)$/)
  assert.match(
    refusal(`${COLUMNS.join().replace('race', 'colour')}\n`),
    /^file, line 1: no column named race; expected age,/,
  )
  assert.match(refusal('"52, a'), /^file: Quote Not Closed/)
  assert.is(refusal('|only a comment\n'), 'file: no rows')
})

test('a message stays one line, whatever the file holds', () => {
  const message = refusal(RICH.replace('52', `"${'a\nb'.repeat(1000)}"`))
  assert.not.match(message, '\n')
  assert.ok(message.length < 200)
})

test('numbers are standardised with the mean and the deviation of the training rows', () => {
  const rows = [10, 20, 60].map((age) => ({ ...parseRows(RICH, 'file')[0], numbers: [age, 5, 1, 2, 3, 4] }))
  const encoder = fitEncoder(rows)
  const deviation = Math.sqrt((20 ** 2 + 10 ** 2 + 30 ** 2) / 3)
  const { numbers } = encode(rows, encoder)
  assert.equal(
    [...numbers.filter((_, index) => index % 6 === 0)],
    [-20, -10, 30].map((x) => Math.fround(x / deviation)),
  )
  // A column with one value becomes 0.
  assert.ok(numbers.filter((_, index) => index % 6 !== 0).every((value) => value === 0))
  const other = { ...rows[0], numbers: [100, 5, 1, 2, 3, 4] }
  assert.is(encode([other], encoder).numbers[0], Math.fround(70 / deviation))
})

test('a missing value is a category of its own, and an unknown one uses the reserved row', () => {
  const rows = parseRows(`${RICH}\n${POOR}`, 'file')
  const encoder = fitEncoder(rows)
  assert.equal(encoder.categoryCounts, [3, 3, 3, 3, 3, 2, 3, 3])
  const { categories } = encode(rows, encoder)
  assert.is(new Set([categories[0], categories[8], 0]).size, 3)
  const [stranger] = parseRows(RICH.replace('Self-emp-inc', 'Astronaut'), 'file')
  assert.equal([...encode([stranger], encoder).categories], [0, ...categories.slice(1, 8)])
  // Without a '?' among the training rows, a '?' is unknown like any other.
  assert.is(encode(rows, fitEncoder(rows.slice(0, 1))).categories[8], 0)
})

test('a split keeps every row once, a third of them for testing, and is always the same', () => {
  const rows = Array.from({ length: 30 }, (_, age) => ({ numbers: [age], categories: ['x'], labels: [0] }))
  const { training, test: kept } = splitRows(rows, seededRandom(1))
  assert.is(kept.length, 10)
  assert.equal(new Set([...training, ...kept]), new Set(rows))
  assert.equal(splitRows(rows, seededRandom(1)), { training, test: kept })
})

test('the data that comes with the demo has all rows of the two UCI files in under 700 KB', () => {
  const { training, test: kept } = loadAdult()
  assert.is(training.length, 32561)
  assert.is(kept.length, 16281)
  // The numbers of rows above 50,000 dollars in adult.data and adult.test.
  assert.is(training.filter(({ labels }) => labels[0] === 1).length, 7841)
  assert.is(kept.filter(({ labels }) => labels[0] === 1).length, 3846)
  // Every category of the test rows occurs among the training rows.
  const encoder = fitEncoder(training)
  assert.ok(!encode(kept, encoder).categories.includes(0))

  const folder = new URL('../../../examples/adult/data/', import.meta.url)
  const bytes = ['adult.data.gz', 'adult.test.gz'].map((name) => statSync(new URL(name, folder)).size)
  assert.ok(bytes[0] + bytes[1] < 700_000)
  assert.match(readFileSync(new URL('SOURCE.md', folder), 'utf8'), '10.24432/C5XW20')
})

test.run()
