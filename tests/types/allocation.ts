/** What `allocate` and `attach` are typed as. Nothing here is run: `npm run check` compiles it. */
import { type AllocationHandle, allocate, attach, type FloatArray } from 'clippy-adagrad'

export function typed(precision: 'float32' | 'float64', received: AllocationHandle): readonly FloatArray[] {
  const own: Float32Array<ArrayBuffer> = allocate(1, { initialAccumulatorValue: 0.1 }).variable
  const double: Float64Array<ArrayBuffer> = allocate(1, { precision: 'float64' }).accumulator
  const shared = allocate(1, { shared: true })
  const sharedDouble = allocate(1, { precision: 'float64', shared: true })
  const either: FloatArray = allocate(1, { precision }).gradient
  const handle: AllocationHandle = allocate(1, { precision, shared: true }).handle

  const attached: Float32Array = attach(shared.handle).variable
  const attachedDouble: Float64Array = attach(sharedDouble.handle).variable

  // @ts-expect-error shared memory is no ArrayBuffer
  const wrong: Float32Array<ArrayBuffer> = shared.variable
  // @ts-expect-error what is not shared has no handle
  attach(allocate(1).handle)
  // @ts-expect-error the handle is meant
  attach(shared)
  // @ts-expect-error of which precision it is nobody knows
  const unknown: Float32Array = attach(received).variable

  return [own, double, either, attached, attachedDouble, wrong, unknown, attach(handle).variable]
}
