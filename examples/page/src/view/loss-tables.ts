import { lossCurve } from '../../../adult/curve.ts'
import { METHODS } from '../../../adult/experiment.ts'
import type { RunRecord } from '../training/record.ts'
import { areaText, short } from '../words/numbers.ts'
import { byId, tableRow } from './elements.ts'

/** About as many rows as can be read at once. */
const ROWS = 16

/** What the loss chart shows, in words and numbers. */
export class LossTables {
  readonly #details = byId('loss-details', HTMLDetailsElement)
  readonly #losses = byId('loss-table', HTMLTableElement).tBodies[0]
  readonly #areas = byId('area-table', HTMLTableElement).tBodies[0]
  #record: RunRecord | undefined
  #rows = -1

  constructor() {
    this.#details.addEventListener('toggle', () => this.#draw())
  }

  show(record: RunRecord | undefined): void {
    this.#record = record
    this.#draw()
  }

  /** Nothing while closed, and nothing while no row is complete: a table that is being read must stand still. */
  #draw(): void {
    if (!this.#details.open) return
    const { batches, batchesDone, areas } = this.#record ?? { batches: ROWS, batchesDone: 0, areas: [] }
    const stride = Math.ceil(batches / ROWS)
    const rows = Math.floor(batchesDone / stride)
    if (rows + areas.length === this.#rows) return
    this.#rows = rows + areas.length

    const curves = METHODS.map((method) => lossCurve(this.#record?.losses[method] ?? []))
    const cell = (loss: number | undefined): string => (loss === undefined ? 'stopped' : short(loss))
    this.#losses.replaceChildren(
      ...Array.from({ length: rows }, (_, row) => {
        const batch = (row + 1) * stride
        return tableRow([String(batch), ...curves.map((curve) => cell(curve[batch - 1]))])
      }),
    )
    this.#areas.replaceChildren(
      ...areas.map((area, epoch) => tableRow([String(epoch + 1), ...METHODS.map((method) => areaText(area[method]))])),
    )
  }
}
