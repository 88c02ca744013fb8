import { StudioError } from '../../src-main/contract/errors.ts'
import type { JournalLine, StoredHistory } from '../../src-main/contract/history.ts'
import type { Host } from '../host/host.ts'

const RETRY_MS = 2000
/** A message to the host may not be larger than a few million characters. */
const BATCH_SIZE = 500_000

/** Answers after which trying again is no use: the host no longer lets this page write to its document. */
const LOST = ['document.elsewhere', 'document.gap', 'document.missing', 'journal.missing', 'journal.damaged']

export interface JournalOptions {
  readonly host: Pick<Host, 'client' | 'upload'>
  /** For a document that the host has never seen. */
  readonly name: string
  readonly packTitle: string
  /** The whole history as it is now; undefined once another document is shown. */
  readonly whole: () => StoredHistory | undefined
  /** Told whenever `id` or `isKept` may have changed. */
  readonly changed: () => void
  /** Told once for each run of failures. */
  readonly failed: (error: unknown) => void
}

/**
 * Puts what happens to one document on the host's disk, in order: every line is sent as soon as those before are kept, so that losing the page, the
 * host or the engine costs the gesture in progress at most.
 */
export class JournalWriter {
  readonly #options: JournalOptions
  /** A history to begin the journal with; what waits follows it. */
  #base: StoredHistory | undefined
  #waiting: JournalLine[] = []
  /** Lines that the host has confirmed. */
  #kept = 0
  #id: string | undefined
  #isRunning = false
  #hasFailed = false
  #isClosed = false
  #idle: (() => void)[] = []

  /** @param from a document that the host has opened for this page, with the lines that it has, or the history that a new one begins with */
  constructor(options: JournalOptions, from: { id: string; lines: number } | StoredHistory) {
    this.#options = options
    if ('id' in from) [this.#id, this.#kept] = [from.id, from.lines]
    else this.#base = from
  }

  start(): void {
    void this.#run()
  }

  /** As the host knows the document; undefined until it does. */
  get id(): string | undefined {
    return this.#id
  }
  get isKept(): boolean {
    return this.#base === undefined && this.#waiting.length === 0 && this.#id !== undefined
  }

  note(...lines: JournalLine[]): void {
    this.#waiting.push(...lines)
    void this.#run()
  }
  /** The history lost a part of itself to its limit: begin the journal anew with it. */
  rewrite(): void {
    this.#base = this.#options.whole()
    this.#waiting = []
    void this.#run()
  }
  /** Resolves when everything that happened so far is on the disk, or the journal was closed. */
  async whenKept(): Promise<void> {
    if (!this.isKept && !this.#isClosed) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }
  /** Keeps the rest and tells the host that this document is closed on purpose. */
  async close(): Promise<void> {
    await this.whenKept()
    this.#isClosed = true
    if (this.#id !== undefined) await this.#options.host.client.call('documents.leave', { id: this.#id }).catch(() => undefined)
  }
  /** As `close`, for a page that has no time left: everything is sent at once. Lines that are on their way already are kept once. */
  hurry(): void {
    const id = this.#id
    if (id === undefined) return
    const { client } = this.#options.host
    this.#isClosed = true
    if (this.#waiting.length > 0 && this.#base === undefined) {
      void client.call('documents.append', { id, from: this.#kept, lines: this.#waiting }).catch(() => undefined)
    }
    void client.call('documents.leave', { id }).catch(() => undefined)
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#options.changed()
    while ((this.#base !== undefined || this.#waiting.length > 0) && !this.#isClosed) {
      try {
        await (this.#base === undefined ? this.#append(batchOf(this.#waiting)) : this.#begin(this.#base))
        this.#hasFailed = false
      } catch (error) {
        await this.#cope(error)
      }
    }
    this.#isRunning = false
    for (const resolve of this.#idle.splice(0)) resolve()
    this.#options.changed()
  }
  async #begin(base: StoredHistory): Promise<void> {
    const { host, name, packTitle } = this.#options
    const file = new File([JSON.stringify(base)], 'history.json', { type: 'application/json' })
    const history = (await host.upload(file)).sha256
    if (this.#id === undefined) {
      this.#id = (await host.client.call('documents.begin', { name, packTitle, history })).id
      this.#kept = 0
    } else this.#kept = (await host.client.call('documents.rewrite', { id: this.#id, history })).lines
    if (this.#base === base) this.#base = undefined
    this.#options.changed()
  }
  async #append(lines: JournalLine[]): Promise<void> {
    this.#kept = (await this.#options.host.client.call('documents.append', { id: this.#id!, from: this.#kept, lines })).lines
    // A rewrite that came meanwhile holds these lines already, and has emptied the list.
    if (this.#base === undefined) this.#waiting = this.#waiting.slice(lines.length)
  }
  async #cope(error: unknown): Promise<void> {
    const code = error instanceof StudioError ? error.code : ''
    const whole = LOST.includes(code) ? this.#options.whole() : undefined
    if (whole !== undefined) {
      // What the page has becomes a document of its own.
      this.#id = undefined
      this.#base = whole
      this.#waiting = []
      return
    }
    if (!this.#hasFailed && code !== 'host.unreachable') this.#options.failed(error)
    this.#hasFailed = true
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}

/** The first lines, as many as fit a message, but one at least. */
function batchOf(lines: readonly JournalLine[]): JournalLine[] {
  let size = 0
  const end = lines.findIndex((line) => (size += JSON.stringify(line).length) > BATCH_SIZE)
  return end < 0 ? [...lines] : lines.slice(0, Math.max(end, 1))
}
