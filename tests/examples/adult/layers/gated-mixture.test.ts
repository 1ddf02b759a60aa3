import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Dense } from '../../../../examples/adult/layers/dense.ts'
import { GatedMixture } from '../../../../examples/adult/layers/gated-mixture.ts'
import { seededRandom } from '../../../../examples/adult/random.ts'

const test = suite('adult: gated mixture')

const making = { batchSize: 1, random: seededRandom(1), Floats: Float64Array }

/** Two experts, who put out (1, 2) and (3, 6), mixed by a gate of these two biases, whatever the input. */
function mix(...bias: [number, number]): number[] {
  const gate = new Dense({ name: 'gate', inputs: 1, outputs: 2, relu: false }, making)
  gate.parameters[1].value.set(bias)
  const experts = [Float64Array.of(1, 2), Float64Array.of(3, 6)]
  return [...new GatedMixture(gate, 2, making).forward(Float64Array.of(0), experts, 1)]
}

test("the experts' outputs are added up by shares that are in the ratio of the gate's exponentials", () => {
  assert.equal(mix(5, 5), [2, 4])
  const [one, two] = mix(Math.log(3), 0)
  assert.ok(Math.abs(one - 1.5) < 1e-12 && Math.abs(two - 3) < 1e-12, `${one}, ${two}`)
})

test('a gate of huge numbers decides for one expert instead of overflowing', () => {
  assert.equal(mix(1e4, -1e4), [1, 2])
  assert.equal(mix(-1e4, 1e300), [3, 6])
})

test.run()
