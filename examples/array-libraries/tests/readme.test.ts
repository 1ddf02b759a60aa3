import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { RECIPES, textOf } from './support.ts'

const test = suite('array libraries: README')

const readme = textOf('README.md')

for (const file of ['raw-arrays.ts', 'onnx-graph.ts', ...RECIPES.map(({ file }) => file)]) {
  test(`the README shows ${file} as it is`, () => {
    assert.ok(readme.includes(`\`\`\`ts\n${textOf(file)}\`\`\`\n`), `${file} differs; write it with npm run readme`)
  })
}

test.run()
