// ONNX Runtime Web evaluates a graph that has the backward pass in it: it does not differentiate by itself.
import { ClippyAdagrad } from 'clippy-adagrad'
import { InferenceSession, Tensor } from 'onnxruntime-web'
import { encodeModel, integers, node, scalar } from './onnx-graph.ts'
import { INPUTS, inputs, OUTPUTS, print, ROWS, SETTINGS, STEPS, startBias, startKernel, targets } from './problem.ts'

const shapes = { x: [ROWS, INPUTS], y: [ROWS, OUTPUTS], kernel: [INPUTS, OUTPUTS], bias: [OUTPUTS] }
const nodes = [
  node('MatMul', ['x', 'kernel'], 'product'),
  node('Add', ['product', 'bias'], 'predicted'),
  node('Sub', ['predicted', 'y'], 'error'),
  node('Mul', ['error', 'error'], 'square'),
  node('ReduceMean', ['square'], 'loss', [integers('keepdims', 0)]),
  node('Mul', ['error', 'share'], 'slope'), // ∂loss / ∂predicted
  node('Transpose', ['x'], 'xTransposed', [integers('perm', [1, 0])]),
  node('MatMul', ['xTransposed', 'slope'], 'kernelGradient'),
  node('ReduceSum', ['slope'], 'biasGradient', [integers('axes', [0]), integers('keepdims', 0)]),
]
const outputs = { loss: [], kernelGradient: shapes.kernel, biasGradient: shapes.bias }
const model = encodeModel(nodes, [scalar('share', 2 / targets.length)], shapes, outputs)
const session = await InferenceSession.create(model)

const kernel = startKernel.slice()
const bias = startBias.slice()
// These tensors are views of the arrays that the optimizer updates: each run reads what they hold then.
const feeds = {
  x: new Tensor('float32', inputs, shapes.x),
  y: new Tensor('float32', targets, shapes.y),
  kernel: new Tensor('float32', kernel, shapes.kernel),
  bias: new Tensor('float32', bias, shapes.bias),
}
const floats = ({ data }: { data: unknown }) => data as Float32Array

const optimizer = new ClippyAdagrad(SETTINGS)
for (let n = 0; n < STEPS; n++) {
  const { kernelGradient, biasGradient } = await session.run(feeds)
  optimizer.applyGradients([
    [floats(kernelGradient), kernel],
    [floats(biasGradient), bias],
  ])
}
const { loss } = await session.run(feeds)
print(floats(loss)[0], kernel, bias)
