import type { RunRecord } from '../training/record.ts'
import { explained, mostHeldBack } from '../words/explanation.ts'
import type { NamedVariable } from '../words/variables.ts'
import { byId, setText } from './elements.ts'

/** What `explain` says of the variable that the user chose. */
export class HeldBack {
  readonly #choice = byId('held-variable', HTMLSelectElement)
  readonly #lead = byId('held-lead', HTMLElement)
  readonly #figures = byId('held-figures', HTMLElement)
  readonly #outcome = byId('held-outcome', HTMLElement)
  readonly #variables: readonly NamedVariable[]
  #record: RunRecord | undefined

  constructor(variables: readonly NamedVariable[]) {
    this.#variables = variables
    variables.forEach(({ name }, index) => {
      this.#choice.append(new Option(name, String(index)))
    })
    this.#choice.addEventListener('change', () => this.#draw())
  }

  show(record: RunRecord | undefined): void {
    this.#record = record
    this.#draw()
  }

  #draw(): void {
    const explanations = this.#record?.explanations ?? []
    const index = this.#choice.value === 'most' ? mostHeldBack(explanations) : Number(this.#choice.value)
    const explanation = index === undefined ? undefined : explanations[index]
    if (index === undefined || explanation === undefined) {
      setText(this.#lead, 'Start a run to see it.')
      this.#figures.replaceChildren()
      setText(this.#outcome, '')
      return
    }
    const variable = this.#variables[index]
    const { lead, figures, outcome } = explained(variable, explanation)
    setText(this.#lead, lead)
    this.#figures.replaceChildren(
      ...figures.map(([name, value]) => {
        const group = document.createElement('div')
        const term = document.createElement('dt')
        const definition = document.createElement('dd')
        term.textContent = name
        definition.textContent = value
        group.append(term, definition)
        return group
      }),
    )
    setText(this.#outcome, outcome)
  }
}
