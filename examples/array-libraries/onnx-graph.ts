import onnxProto, { type onnx } from 'onnx-proto'

const FLOAT = onnxProto.onnx.TensorProto.DataType.FLOAT

/** One operation: its inputs, its output and its attributes. */
export function node(
  opType: string,
  input: readonly string[],
  output: string,
  attribute: onnx.IAttributeProto[] = [],
): onnx.INodeProto {
  return { opType, input: [...input], output: [output], attribute }
}

/** An attribute that is a list of whole numbers, or one. */
export function integers(name: string, value: readonly number[] | number): onnx.IAttributeProto {
  const { INT, INTS } = onnxProto.onnx.AttributeProto.AttributeType
  return typeof value === 'number' ? { name, type: INT, i: value } : { name, type: INTS, ints: [...value] }
}

/** A constant of the graph. */
export function scalar(name: string, value: number): onnx.ITensorProto {
  return { name, dataType: FLOAT, dims: [], floatData: [value] }
}

/** The bytes of a model of float32 tensors, as a file would have them. Shapes by name. */
export function encodeModel(
  nodes: onnx.INodeProto[],
  constants: onnx.ITensorProto[],
  inputs: Readonly<Record<string, readonly number[]>>,
  outputs: Readonly<Record<string, readonly number[]>>,
): Uint8Array {
  const graph = { name: 'graph', node: nodes, initializer: constants, input: values(inputs), output: values(outputs) }
  return onnxProto.onnx.ModelProto.encode({ irVersion: 7, opsetImport: [{ domain: '', version: 12 }], graph }).finish()
}

function values(shapes: Readonly<Record<string, readonly number[]>>): onnx.IValueInfoProto[] {
  return Object.entries(shapes).map(([name, shape]) => {
    const dim = shape.map((dimValue) => ({ dimValue }))
    return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } }
  })
}
