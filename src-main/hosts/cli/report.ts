import type { Progress } from '../../contract/calls.ts'
import { StudioError } from '../../contract/errors.ts'

/** Where a command's words go: results to standard output, progress and failures to standard error. */
export interface Streams {
  readonly out: { write(text: string): unknown }
  readonly error: { write(text: string): unknown; readonly isTTY?: boolean }
}

/**
 * What a command says. For people: sentences, and progress only on a terminal. With --json: one JSON object a line, each with an `event`:
 * "progress", "notice", "result", "error".
 */
export class Report {
  private readonly streams: Streams
  private readonly isJson: boolean
  private isLineOpen = false

  constructor(isJson: boolean, streams: Streams = { out: process.stdout, error: process.stderr }) {
    this.isJson = isJson
    this.streams = streams
  }

  progress(progress: Progress): void {
    if (this.isJson) return this.line({ event: 'progress', ...progress })
    if (this.streams.error.isTTY !== true) return
    const { stage, step, of } = progress
    this.streams.error.write(`\r\x1b[K${stage} ${step}/${of}`)
    this.isLineOpen = true
  }

  /** A remark that changes nothing about the outcome. */
  notice(text: string): void {
    if (this.isJson) return this.line({ event: 'notice', text })
    this.closeLine()
    this.streams.error.write(`${text}\n`)
  }

  /** @param sentence for people @param data for scripts */
  result(sentence: string, data: object): void {
    if (this.isJson) return this.line({ event: 'result', ...data })
    this.closeLine()
    this.streams.out.write(`${sentence}\n`)
  }

  /** The one sentence that says why something could not be done. */
  failure(thrown: unknown): void {
    const error = StudioError.from(thrown, 'Stylebridge')
    if (this.isJson) this.line({ event: 'error', ...error.toData() })
    this.closeLine()
    this.streams.error.write(`${error.message}\n`)
  }

  private closeLine(): void {
    if (this.isLineOpen) this.streams.error.write('\r\x1b[K')
    this.isLineOpen = false
  }

  private line(data: object): void {
    this.streams.out.write(`${JSON.stringify(data)}\n`)
  }
}
