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

  /** The settings as the user last left them. A seed that is none is not among them, even while the form shows it. */
  get settings(): Settings {
    return this.#settings
  }

  /** Whether the form shows a seed that is none, so that no run may start. */
  get seedIsWrong(): boolean {
    return parseSeed(this.#seed.value) === undefined
  }

  /** Takes the user to the seed, out of its fold, with the reason why no run starts. */
  askForSeed(): void {
    byId('more-settings', HTMLDetailsElement).open = true
    this.#showSeedProblem()
    this.#seed.focus()
    this.#seedProblem.scrollIntoView({ block: 'nearest' })
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
    this.#showSeedProblem()
  }

  /** Only what was touched: a learning rate that a link gave to many digits stays until the slider moves. */
  #read(target: EventTarget | null): Partial<Settings> | undefined {
    if (target === this.#rate) return { learningRate: rateAt(this.#rate.valueAsNumber) }
    if (target === this.#rows && isRowsName(this.#rows.value)) return { rows: this.#rows.value }
    if (target === this.#epochs) return { epochs: Number(this.#epochs.value) }
    if (target === this.#seed) {
      this.#showSeedProblem()
      const seed = parseSeed(this.#seed.value)
      return seed === undefined ? undefined : { seed }
    }
    if (target instanceof HTMLInputElement && isThresholdsName(target.value)) return { thresholds: target.value }
    return undefined
  }

  #showRate(rate: number): void {
    setText(this.#rateValue, String(rate))
    this.#rate.setAttribute('aria-valuetext', String(rate))
  }

  #showSeedProblem(): void {
    const wrong = this.seedIsWrong
    const given = this.#seed.value.slice(0, 40)
    setText(this.#seedProblem, wrong ? `The seed “${given}” is not a whole number from 0 to ${LARGEST_SEED}.` : '')
    if (wrong) this.#seed.setAttribute('aria-invalid', 'true')
    else this.#seed.removeAttribute('aria-invalid')
  }
}
