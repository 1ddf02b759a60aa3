import { fromHash, type Settings, toHash } from './settings/settings.ts'
import { TrainingClient } from './training/client.ts'
import type { Progress, Ready, Started, StateChange } from './training/messages.ts'
import { RunRecord } from './training/record.ts'
import { showCards } from './view/cards.ts'
import { Controls } from './view/controls.ts'
import { copyLinkButton } from './view/copy-link.ts'
import { byId, setText } from './view/elements.ts'
import { FactorTable } from './view/factor-table.ts'
import { Footer } from './view/footer.ts'
import { HeldBack } from './view/held-back.ts'
import { LossChart } from './view/loss-chart.ts'
import { LossTables } from './view/loss-tables.ts'
import { foldSettings, showResults } from './view/narrow.ts'
import { Painter } from './view/painter.ts'
import { type Phase, showPhase } from './view/run-button.ts'
import { Announcer } from './words/announcer.ts'
import { whole } from './words/numbers.ts'
import { position, summary } from './words/summary.ts'
import { nameVariables } from './words/variables.ts'

/** How long the settings have to rest before a run that was under way starts anew, in milliseconds: a slider passes many rates. */
const REST = 300

/** Ties the page together: what the user does goes to the worker, what the worker says is shown. */
export class App {
  readonly #client: TrainingClient
  readonly #controls: Controls
  readonly #lossChart = new LossChart()
  readonly #lossTables = new LossTables()
  readonly #footer = new Footer()
  readonly #painter = new Painter(() => this.#paint())
  readonly #announcer = new Announcer((text) => setText(byId('announcement', HTMLElement), text))
  #factors: FactorTable | undefined
  #heldBack: HeldBack | undefined
  #phase: Phase = 'loading'
  #record: RunRecord | undefined
  #restart: ReturnType<typeof setTimeout> | undefined

  constructor() {
    const { settings, problems } = fromHash(location.hash)
    this.#showProblems(problems)
    this.#controls = new Controls(settings, (changed) => this.#changed(changed))
    this.#client = new TrainingClient({
      ready: (report) => this.#ready(report),
      started: (report) => this.#started(report),
      progress: (report) => this.#progress(report),
      state: (state) => this.#state(state),
      failed: (message) => this.#failed(message),
    })
    byId('run', HTMLButtonElement).addEventListener('click', () => this.#run())
    byId('reset', HTMLButtonElement).addEventListener('click', () => {
      // What was refused goes, too: the form shows again the settings that a run would have.
      this.#controls.show(this.#controls.settings)
      this.#reset('Reset.')
    })
    copyLinkButton(
      () => this.#link(),
      (text) => this.#announcer.urgent(text),
    )
    foldSettings()
    addEventListener('hashchange', () => this.#linked())
    this.#enter('loading')
    this.#painter.now()
  }

  #ready({ kernel, trainingRows, testRows, vocabularies }: Ready): void {
    const variables = nameVariables(vocabularies)
    this.#factors = new FactorTable(variables)
    this.#heldBack = new HeldBack(variables)
    this.#footer.showKernel(kernel)
    setText(byId('row-count', HTMLElement), whole(trainingRows + testRows))
    this.#enter('ready')
    this.#painter.now()
  }

  /** The button: start, pause or resume, whichever comes next. */
  #run(): void {
    if (this.#phase === 'running') this.#client.pause()
    else if (this.#phase === 'paused') this.#client.resume()
    else if (this.#controls.seedIsWrong) this.#controls.askForSeed()
    else {
      this.#start()
      showResults()
    }
  }

  #start(): void {
    this.#forgetRestart()
    if (!this.#controls.seedIsWrong) this.#client.start(this.#controls.settings)
  }

  #started({ batches, batchesPerEpoch }: Started): void {
    this.#record = new RunRecord(this.#controls.settings, { batches, batchesPerEpoch })
  }

  #progress(report: Progress): void {
    const record = this.#record
    if (record === undefined) return
    record.add(report)
    this.#painter.soon()
    if (report.areas.length > 0) this.#announcer.urgent(summary(record))
    else this.#announcer.update(() => summary(record))
  }

  #state(state: StateChange['state']): void {
    this.#enter(state)
    this.#painter.now()
    const said = { running: 'Running.', paused: 'Paused.', finished: '' }[state]
    if (this.#record !== undefined) this.#announcer.urgent(`${said} ${summary(this.#record)}`.trim())
    this.#footer.showRun(state === 'running' ? undefined : this.#record)
  }

  /** Back to before the first batch, with the settings as they are. */
  #reset(announcement: string): void {
    this.#forgetRestart()
    if (this.#phase === 'loading' || this.#phase === 'failed') return
    this.#client.stop()
    this.#record = undefined
    this.#enter('ready')
    this.#painter.now()
    this.#footer.showRun(undefined)
    if (announcement !== '') this.#announcer.urgent(announcement)
  }

  /** What is shown always belongs to the settings that are shown: a change ends a run, and starts the next if one was under way. */
  #changed(settings: Settings): void {
    history.replaceState(null, '', toHash(settings))
    this.#showProblems([])
    const restarts = this.#phase === 'running' || this.#restart !== undefined
    this.#reset('')
    this.#restart = restarts ? setTimeout(() => this.#start(), REST) : undefined
  }

  /** The user has gone to another link to this page. */
  #linked(): void {
    const { settings, problems } = fromHash(location.hash)
    this.#controls.show(settings)
    this.#showProblems(problems)
    this.#reset('Settings changed.')
  }

  #forgetRestart(): void {
    clearTimeout(this.#restart)
    this.#restart = undefined
  }

  #link(): string {
    return new URL(toHash(this.#controls.settings), location.href).href
  }

  #failed(message: string): void {
    this.#enter('failed')
    setText(byId('failure', HTMLElement), `Training has failed: ${message}. Reload the page to try again.`)
  }

  #enter(phase: Phase): void {
    this.#phase = phase
    showPhase(phase)
  }

  #showProblems(problems: readonly string[]): void {
    const element = byId('link-problem', HTMLElement)
    setText(element, problems.length === 0 ? '' : `In the link, ${problems.join('; ')}.`)
    element.hidden = problems.length === 0
  }

  #paint(): void {
    const record = this.#record
    const loading = this.#phase === 'loading' ? 'Loading the data …' : 'Ready'
    const words = record === undefined ? loading : position(record)
    setText(byId('position', HTMLElement), this.#phase === 'paused' ? `${words}, paused` : words)
    byId('progress', HTMLProgressElement).value = record === undefined ? 0 : record.batchesDone / record.batches
    showCards(record)
    this.#lossChart.show(record, record === undefined ? '' : summary(record))
    this.#lossTables.show(record)
    this.#factors?.show(record)
    this.#heldBack?.show(record)
  }
}
