/** Replays fixtures/shrink.json. */
import { suite } from 'uvu'
import { shrinkByReferences } from '../../src/index.ts'
import { agree, agreeAll, type FloatArray, floats, OF_A_STEP, type Precision, readCases } from './replay.ts'

interface Tensor {
  shape: number[]
  value: number[]
}

interface ShrinkCase {
  name: string
  dtype: Precision
  tensor: Tensor
  references: Tensor[]
  relativeFactors: number[]
  absoluteFactor: number
  shrunk: number[]
  scale: number
}

const shrinking = suite('shrinkByReferences agrees with the reference')

for (const { name, dtype, tensor, references, relativeFactors, absoluteFactor, ...expected } of readCases<ShrinkCase>(
  'shrink',
)) {
  const typed = ({ shape, value }: Tensor): { shape: number[]; value: FloatArray } => ({
    shape,
    value: floats(dtype, value),
  })
  shrinking(name, () => {
    const tolerance = OF_A_STEP[dtype]
    const { shrunk, scale } = shrinkByReferences(typed(tensor), references.map(typed), relativeFactors, absoluteFactor)
    agree('scale', scale, expected.scale, tolerance)
    agreeAll('shrunk', shrunk, floats(dtype, expected.shrunk), tolerance)
  })
}

shrinking.run()
