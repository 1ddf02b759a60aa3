import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { replaceMarked } from '../../tools/marked.ts'
import { formatCount, formatNumber, formatTable } from '../../tools/table.ts'

const test = suite('tools: tables and marked sections')

test('a table is Markdown and lines up', () => {
  const table = formatTable(
    [{ heading: 'name', align: 'left' }, { heading: 'ns' }],
    [
      ['a', '1.20'],
      ['longer', '1,230'],
    ],
  )
  assert.is(table, ['| name   |    ns |', '| ------ | ----: |', '| a      |  1.20 |', '| longer | 1,230 |'].join('\n'))
})

test('a table without rows has its headings', () => {
  assert.is(formatTable([{ heading: '' }], []), '|     |\n| --: |')
})

test('numbers have three significant digits', () => {
  const written = [0.0123456, 0.7, 1.149, 14.64, 162.4, 999.6, 3010.4, 71_049].map(formatNumber)
  assert.equal(written, ['0.0123', '0.700', '1.15', '14.6', '162', '1,000', '3,010', '71,000'])
  assert.is(formatCount(1_000_000), '1,000,000')
})

const TEXT = 'before\n<!-- x:start -->\nold\n<!-- x:end -->\nafter\n'

test('what is between the markers is replaced, and nothing else', () => {
  const replaced = replaceMarked(TEXT, 'x', '\n| new |\n\n')
  assert.is(replaced, 'before\n<!-- x:start -->\n| new |\n<!-- x:end -->\nafter\n')
  assert.is(replaceMarked(replaced, 'x', '| new |'), replaced)
  // No pattern of String.replace has a meaning here.
  assert.ok(replaceMarked(TEXT, 'x', "$& $1 $'").includes("\n$& $1 $'\n"))
})

test('markers that are missing, doubled or turned round are refused', () => {
  assert.throws(() => replaceMarked(TEXT, 'y', ''), /expected <!-- y:start --> once, found it 0 times/)
  assert.throws(() => replaceMarked(TEXT + TEXT, 'x', ''), /found it 2 times/)
  assert.throws(() => replaceMarked('<!-- x:start -->', 'x', ''), /expected <!-- x:end --> once, found it 0 times/)
  assert.throws(() => replaceMarked('<!-- x:end --><!-- x:start -->', 'x', ''), /stands before/)
})

test.run()
