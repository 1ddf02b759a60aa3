import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { withAbsoluteLinks } from '../../scripts/package-readme.ts'
import { textOf } from '../support/repository.ts'

/** README.md on the package's page. */
const test = suite('scripts: package readme')

const manifest = { version: '1.2.3', repository: { url: 'git+https://github.com/someone/clippy-adagrad.git' } }

test('links and pictures become addresses in the repository, at the tag of the version', () => {
  const readme =
    'See [this](guide/a.md#part), [that](#below), [it](https://arxiv.org/abs/1).\n![A picture](bench/b.svg)\n'
  assert.is(
    withAbsoluteLinks(readme, manifest),
    'See [this](https://github.com/someone/clippy-adagrad/blob/v1.2.3/guide/a.md#part), [that](#below), ' +
      '[it](https://arxiv.org/abs/1).\n' +
      '![A picture](https://raw.githubusercontent.com/someone/clippy-adagrad/v1.2.3/bench/b.svg)\n',
  )
})

test('README.md has no other way to name a file: nothing relative is left', () => {
  const readme = textOf('README.md')
  assert.match(readme, /\]\((?!#|https?:)/)
  const targets = Array.from(withAbsoluteLinks(readme, manifest).matchAll(/\]\(\s*([^)\s]+)/g), ([, target]) => target)
  assert.equal(
    targets.filter((target) => !/^(?:#|https:\/\/)/.test(target)),
    [],
  )
  assert.not.match(readme, /^\[[^\]]+\]:\s|<(?:img|a)\s/m)
})

test('without a repository there is an error that says what to fill in', () => {
  const says = /repository\.url is undefined; expected git\+https:\/\/github\.com\/OWNER\/NAME\.git/
  assert.throws(() => withAbsoluteLinks('', { version: '1.2.3' }), says)
  assert.throws(() => withAbsoluteLinks('', { version: '1.2.3', repository: {} }), says)
})

test('the release workflow refuses before it checks anything, and publishes that README', () => {
  const [check, publish] = textOf('.github/workflows/release.yml').split(/^ {2}publish:$/m)
  const command = 'npx tsx scripts/package-readme.ts'
  assert.ok(check.indexOf("require('./package.json').repository.url") < check.indexOf('.ci/run'))
  assert.match(check, "require('./package.json').repository.url")
  assert.ok(publish.includes(command))
  assert.ok(publish.indexOf('npm ci') < publish.indexOf(command))
  assert.ok(publish.indexOf(command) < publish.indexOf('npm publish'))
})

test.run()
