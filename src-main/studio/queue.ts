import { Cancelled } from '../contract/errors.ts'

export interface JobOptions {
  /** A newer job of the same name takes the place of an older one that still waits; the older one ends with Cancelled. */
  readonly latest?: string
  /** Jobs of a higher priority go first; default 0. */
  readonly priority?: number
  readonly signal?: AbortSignal | undefined
}

interface Waiting extends JobOptions {
  readonly start: () => Promise<void>
  readonly drop: () => void
}

/** One job at a time: the networks block the thread that runs them, and two jobs at once would only both be slow. */
export class JobQueue {
  private waiting: Waiting[] = []
  private isBusy = false

  /** Runs a job when its turn comes. Rejects with Cancelled when it was cancelled or replaced before that. */
  run<T>(options: JobOptions, job: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const entry: Waiting = {
        ...options,
        start: () => job().then(resolve, reject),
        drop: () => {
          this.waiting = this.waiting.filter((other) => other !== entry)
          reject(new Cancelled())
        },
      }
      if (options.signal?.aborted === true) return entry.drop()
      options.signal?.addEventListener('abort', () => this.waiting.includes(entry) && entry.drop(), { once: true })
      if (options.latest !== undefined) this.waiting.find(({ latest }) => latest === options.latest)?.drop()
      this.waiting.push(entry)
      void this.next()
    })
  }

  private async next(): Promise<void> {
    if (this.isBusy) return
    const first = this.waiting.reduce<Waiting | undefined>(
      (best, entry) => (best && priority(best) >= priority(entry) ? best : entry),
      undefined,
    )
    if (first === undefined) return
    this.waiting = this.waiting.filter((entry) => entry !== first)
    this.isBusy = true
    await first.start()
    this.isBusy = false
    // Messages that arrived during the job (a cancellation, a newer picture) are heard before the next one starts.
    setImmediate(() => void this.next())
  }
}

const priority = (entry: Waiting) => entry.priority ?? 0
