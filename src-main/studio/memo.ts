/** Remembers the results of the latest `limit` keys. A failure is not remembered; `dropped` is told what is forgotten. */
export class Memo<T> {
  private readonly kept = new Map<string, Promise<T>>()
  private readonly limit: number
  private readonly dropped: (value: T) => void

  constructor(limit: number, dropped: (value: T) => void = () => undefined) {
    this.limit = limit
    this.dropped = dropped
  }

  get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.kept.get(key)
    this.kept.delete(key)
    const value = known ?? make()
    this.kept.set(key, value)
    if (known === undefined) {
      value.catch(() => this.kept.get(key) === value && this.kept.delete(key))
      for (const [oldest, forgotten] of this.kept) {
        if (this.kept.size <= this.limit) break
        this.kept.delete(oldest)
        forgotten.then(this.dropped, () => undefined)
      }
    }
    return value
  }
  /** Forgets everything and returns what had been made. */
  async clear(): Promise<T[]> {
    const made = await Promise.allSettled(this.kept.values())
    this.kept.clear()
    return made.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  }
}
