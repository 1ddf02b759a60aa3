/**
 * A plugin of TypeDoc: calls each entry by the name under which it is imported, and groups what is public by the folder of
 * its source, which is by its use.
 */
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc'

const GROUPS = {
  'src/step/': 'Step functions',
  'src/optimizer/': 'Optimizer',
  'src/schedules/': 'Learning-rate schedules',
  'src/testing/': 'Property tests',
}

const ENTRIES = { index: 'clippy-adagrad', testing: 'clippy-adagrad/testing' }

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const modules = project.getReflectionsByKind(ReflectionKind.Module)
    for (const module of modules) module.name = ENTRIES[module.name]
    for (const reflection of modules.flatMap(({ children = [] }) => children)) {
      const path = project.getSymbolIdFromReflection(reflection)?.packagePath ?? ''
      const folder = Object.keys(GROUPS).find((start) => path.startsWith(start))
      if (folder === undefined) throw new Error(`${reflection.name} is from ${path}, which has no group`)
      reflection.comment ??= new Comment()
      reflection.comment.blockTags.push(new CommentTag('@group', [{ kind: 'text', text: GROUPS[folder] }]))
    }
  })
}
