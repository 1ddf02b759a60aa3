import type { ClippyAdagrad } from 'clippy-adagrad'
import type { KerasFile } from './keras-file.ts'

/** The optimizer's config, for `ClippyAdagrad.fromConfig`. Throws RangeError where the file has none. */
export function optimizerConfig({ config = '' }: KerasFile): unknown {
  const [start, end] = placeOfOptimizer(config)
  return JSON.parse(config.slice(start, end))
}

/**
 * The file with another optimizer in its config. The rest stays letter by letter as Python wrote it: to JSON.parse 1.0
 * and 1 are the same, while Keras takes the one for a float and the other for an integer.
 */
export function withOptimizer(file: KerasFile, optimizer: ClippyAdagrad): KerasFile {
  const { config = '' } = file
  const [start, end] = placeOfOptimizer(config)
  // Where it matters in the optimizer's own part, which is in a schedule, 1 is written as 1.0.
  const written = JSON.stringify(optimizer).replace(
    /"(initial_learning_rate|end_learning_rate|warmup_target|values)":(\[[^\]]*\]|[^,}]+)/g,
    (entry) => entry.replace(/(?<![\d.+-])\d+(?=[,\]]|$)/g, '$&.0'),
  )
  return { ...file, config: config.slice(0, start) + written + config.slice(end) }
}

/** From its opening brace to after its closing one. */
function placeOfOptimizer(config: string): [start: number, end: number] {
  // A model inside of this one may have a compile_config too; that of the whole model is the last.
  const before = /.*"compile_config":\s*\{"optimizer":\s*(?=\{)/s.exec(config)
  if (before === null || !JSON.parse(config).compile_config) {
    throw new RangeError('the file has no optimizer config; only a .keras of a compiled model has one')
  }
  const start = before[0].length
  let end = start
  // At the first closing brace that makes it whole.
  do end = config.indexOf('}', end) + 1
  while (!isJson(config.slice(start, end)))
  return [start, end]
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * The groups of the model's layers, such as `layers/dense_1`, in the order of `model.layers`; none for a model that is
 * not made of a list of layers. A file lists them by the alphabet, which is another order.
 */
export function layerGroups({ config = '{}' }: KerasFile): string[] {
  const layers: readonly { readonly class_name: string }[] = JSON.parse(config).config?.layers ?? []
  const counts = new Map<string, number>()
  return layers.map(({ class_name }) => {
    const name = class_name
      .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .toLowerCase()
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    return count === 0 ? `layers/${name}` : `layers/${name}_${count}`
  })
}
