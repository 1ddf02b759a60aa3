// Run with: npx tsx examples/custom-optimizer/main.ts
//
// A narrow valley, x² / 2 + 250 · y²: plain gradient descent bounces from side to side and creeps along the floor.

import { MomentumSgd } from './momentum-sgd.ts'

for (const momentum of [0, 0.9]) {
  const point = Float64Array.of(10, 1)
  const optimizer = new MomentumSgd({ learningRate: 0.003, momentum })
  for (let step = 0; step < 300; step++) {
    const gradient = Float64Array.of(point[0], 500 * point[1])
    optimizer.applyGradients([[gradient, point]])
  }
  const height = point[0] ** 2 / 2 + 250 * point[1] ** 2
  console.log(`momentum ${momentum}: ${height.toExponential(1)} above the floor after ${optimizer.iterations} steps`)
}
