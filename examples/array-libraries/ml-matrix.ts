// ml-matrix: a Matrix keeps each row in an array of its own, a WrapperMatrix1D is a view of one array, which the
// optimizer updates; the weights are not copied. It computes in double, and so does the optimizer here.
import { ClippyAdagrad } from 'clippy-adagrad'
import { type Matrix, WrapperMatrix1D } from 'ml-matrix'
import { inputs, OUTPUTS, print, ROWS, SETTINGS, STEPS, startBias, startKernel, targets } from './problem.ts'

const kernelValues = Float64Array.from(startKernel)
const biasValues = Float64Array.from(startBias)
const kernel = view(kernelValues, kernelValues.length / OUTPUTS)
const bias = view(biasValues, 1)
const x = view(Float64Array.from(inputs), ROWS)
const y = view(Float64Array.from(targets), ROWS)

function view(values: Float64Array, rows: number): WrapperMatrix1D {
  // Its types ask for a number[]; it only reads and writes elements, and takes the length.
  return new WrapperMatrix1D(values as unknown as number[], { rows })
}

const errors = (): Matrix => x.mmul(kernel).addRowVector(bias.to1DArray()).sub(y)
const loss = (): number => errors().pow(2).mean()

const optimizer = new ClippyAdagrad(SETTINGS)
for (let n = 0; n < STEPS; n++) {
  const slopes = errors().mul(2 / targets.length)
  const kernelGradient = x.transpose().mmul(slopes)
  const biasGradient = slopes.sum('column')
  optimizer.applyGradients([
    [Float64Array.from(kernelGradient.to1DArray()), kernelValues],
    [Float64Array.from(biasGradient), biasValues],
  ])
}
print(loss(), kernelValues, biasValues)
