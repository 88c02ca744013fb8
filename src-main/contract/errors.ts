/** What a person needs to know about a failure; plain data, so that it crosses every process border unchanged. */
export interface ErrorData {
  /** Stable and dotted, what tests assert: 'photo.not-an-image'. */
  readonly code: string
  /** The file, field or part it happened in, as the person knows it. */
  readonly where: string
  /** What is wrong, a clause without a full stop. */
  readonly what: string
  /** What to do next, a full sentence. */
  readonly todo: string
}

export type ErrorDetails = Omit<ErrorData, 'code'>

/** The one error that people meet. Hosts only format it; cancelling is no error (see `Cancelled`). */
export class StudioError extends Error {
  readonly code: string
  readonly where: string
  readonly what: string
  readonly todo: string

  constructor(code: string, details: ErrorDetails, options?: ErrorOptions) {
    super(sentence({ code, ...details }), options)
    this.name = 'StudioError'
    this.code = code
    this.where = details.where
    this.what = details.what
    this.todo = details.todo
  }

  toData(): ErrorData {
    return { code: this.code, where: this.where, what: this.what, todo: this.todo }
  }

  static fromData(data: ErrorData): StudioError {
    return new StudioError(data.code, data)
  }

  /** Any thrown thing as a StudioError; what nobody foresaw becomes 'internal' and keeps its cause. */
  static from(thrown: unknown, where: string): StudioError {
    if (thrown instanceof StudioError) return thrown
    const what = thrown instanceof Error ? thrown.message : String(thrown)
    return new StudioError('internal', { where, what, todo: 'Please report this with the details.' }, { cause: thrown })
  }
}

/** Thrown where a job notices that it was cancelled; never shown as a failure. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled')
    this.name = 'Cancelled'
  }
}

/** "holiday.jpg: it is a text file. Choose a JPEG, PNG, WebP, AVIF or TIFF picture." */
export function sentence({ where, what, todo }: ErrorData): string {
  return `${where}: ${what}. ${todo}`
}
