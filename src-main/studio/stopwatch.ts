/** Milliseconds of every stage, in the order in which they ran. */
export class Stopwatch {
  readonly timings: Record<string, number> = {}

  /** Runs a stage; one that runs more than once adds up. */
  async time<T>(stage: string, work: () => Promise<T> | T): Promise<T> {
    const start = performance.now()
    try {
      return await work()
    } finally {
      this.timings[stage] = (this.timings[stage] ?? 0) + performance.now() - start
    }
  }
}
