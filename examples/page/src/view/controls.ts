import { LAST_POSITION, positionOf, rateAt } from '../settings/learning-rate.ts'
import { isRowsName, LARGEST_SEED, MOST_EPOCHS, parseSeed, type Settings } from '../settings/settings.ts'
import { isThresholdsName } from '../settings/thresholds.ts'
import { byId, setText } from './elements.ts'

/** The form: shows settings and hears of changes. */
export class Controls {
  readonly #form = byId('settings', HTMLFormElement)
  readonly #rate = byId('learning-rate', HTMLInputElement)
  readonly #rateValue = byId('learning-rate-value', HTMLOutputElement)
  readonly #rows = byId('rows', HTMLSelectElement)
  readonly #epochs = byId('epochs', HTMLSelectElement)
  readonly #seed = byId('seed', HTMLInputElement)
  readonly #seedProblem = byId('seed-problem', HTMLElement)
  #settings: Settings

  /** `onChange` gets the settings after each change that the user has finished. */
  constructor(settings: Settings, onChange: (settings: Settings) => void) {
    this.#settings = settings
    this.#rate.max = String(LAST_POSITION)
    for (let epochs = 1; epochs <= MOST_EPOCHS; epochs++) this.#epochs.append(new Option(String(epochs)))
    this.show(settings)

    this.#rate.addEventListener('input', () => this.#showRate(rateAt(this.#rate.valueAsNumber)))
    this.#form.addEventListener('submit', (event) => event.preventDefault())
    this.#form.addEventListener('change', ({ target }) => {
      const changed = this.#read(target)
      if (changed === undefined) return
      this.#settings = { ...this.#settings, ...changed }
      onChange(this.#settings)
    })
  }

  get settings(): Settings {
    return this.#settings
  }

  show(settings: Settings): void {
    this.#settings = settings
    this.#rate.value = String(positionOf(settings.learningRate))
    this.#showRate(settings.learningRate)
    for (const input of this.#form.querySelectorAll<HTMLInputElement>('input[name=thresholds]')) {
      input.checked = input.value === settings.thresholds
    }
    this.#rows.value = settings.rows
    this.#epochs.value = String(settings.epochs)
    this.#seed.value = String(settings.seed)
    this.#showSeedProblem(false)
  }

  /** Only what was touched: a learning rate that a link gave to many digits stays until the slider moves. */
  #read(target: EventTarget | null): Partial<Settings> | undefined {
    if (target === this.#rate) return { learningRate: rateAt(this.#rate.valueAsNumber) }
    if (target === this.#rows && isRowsName(this.#rows.value)) return { rows: this.#rows.value }
    if (target === this.#epochs) return { epochs: Number(this.#epochs.value) }
    if (target === this.#seed) {
      const seed = parseSeed(this.#seed.value)
      this.#showSeedProblem(seed === undefined)
      return seed === undefined ? undefined : { seed }
    }
    if (target instanceof HTMLInputElement && isThresholdsName(target.value)) return { thresholds: target.value }
    return undefined
  }

  #showRate(rate: number): void {
    setText(this.#rateValue, String(rate))
    this.#rate.setAttribute('aria-valuetext', String(rate))
  }

  #showSeedProblem(wrong: boolean): void {
    setText(this.#seedProblem, wrong ? `A seed is a whole number from 0 to ${LARGEST_SEED}.` : '')
    if (wrong) this.#seed.setAttribute('aria-invalid', 'true')
    else this.#seed.removeAttribute('aria-invalid')
  }
}
