/**
 * Latest wins: at most one task runs and at most one waits; a newer request takes the waiting place. So a slider that moves faster than the
 * engine draws loses frames, never its last one. A running draft is let finish for the next draft (its picture is worth showing), a full picture
 * for the next full one; a change of kind gives up the running one, so that neither the hand nor the final picture waits.
 */
export class LatestWins<Request, Result> {
  readonly #run: (request: Request, signal: AbortSignal) => Promise<Result>
  readonly #done: (result: Result, request: Request) => void
  readonly #failed: (error: unknown, request: Request) => void
  readonly #busy: (isBusy: boolean) => void
  #running: { controller: AbortController; kind: 'draft' | 'full' } | undefined
  #waiting: { request: Request; kind: 'draft' | 'full' } | undefined

  constructor(options: {
    run: (request: Request, signal: AbortSignal) => Promise<Result>
    done: (result: Result, request: Request) => void
    failed: (error: unknown, request: Request) => void
    busy?: (isBusy: boolean) => void
  }) {
    this.#run = options.run
    this.#done = options.done
    this.#failed = options.failed
    this.#busy = options.busy ?? (() => undefined)
  }

  /** @param kind a running task of another kind is given up; its result is never delivered. */
  request(request: Request, kind: 'draft' | 'full' = 'draft'): void {
    this.#waiting = { request, kind }
    if (this.#running === undefined) void this.#next()
    else if (kind !== this.#running.kind) this.#running.controller.abort()
  }

  /** Gives up everything; nothing that was asked before is delivered. */
  cancel(): void {
    this.#waiting = undefined
    this.#running?.controller.abort()
  }

  async #next(): Promise<void> {
    this.#busy(true)
    while (this.#waiting !== undefined) {
      const { request, kind } = this.#waiting
      const controller = new AbortController()
      this.#waiting = undefined
      this.#running = { controller, kind }
      try {
        const result = await this.#run(request, controller.signal)
        if (!controller.signal.aborted) this.#done(result, request)
      } catch (error) {
        if (!controller.signal.aborted) this.#failed(error, request)
      }
    }
    this.#running = undefined
    this.#busy(false)
  }
}
