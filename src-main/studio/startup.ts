import type { CallOutput } from '../contract/calls.ts'
import type { Documents } from './documents.ts'

/** Reopening a document by itself is tried this often. */
const MOST_ATTEMPTS = 2

/** What pages of a host do at their start: go on with what a reload or a crash took from them, but never with what makes them crash. */
export class Startup {
  private readonly documents: Documents
  /** Offered to a page already, which may be about to open it. */
  private readonly offered = new Set<string>()

  private readonly leaving = new Set<Promise<unknown>>()

  constructor(documents: Documents) {
    this.documents = documents
  }

  /** Work of a page that is going: the next page, and the end of the program, wait for it. */
  track<T>(work: Promise<T>): Promise<T> {
    this.leaving.add(work)
    void work.catch(() => undefined).finally(() => this.leaving.delete(work))
    return work
  }
  /** When what pages left behind is on the disk. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.leaving)
  }

  /** A page went without closing this document: the next one may go on with it. */
  lost(id: string): void {
    this.offered.delete(id)
  }

  /** @param last the document that the asking page had before it was reloaded */
  async next(last?: string): Promise<CallOutput<'documents.startup'>> {
    await this.settled()
    const free = (await this.documents.list()).filter(({ meta, isTaken }) => !isTaken && !meta.isForgotten && !meta.isSetAside)
    const candidates = [
      ...free.filter(({ id }) => id === last),
      ...free.filter(({ id, meta }) => id !== last && meta.isOpen && !this.offered.has(id)),
    ]
    const setAside: string[] = []
    for (const { id, meta } of candidates) {
      this.offered.add(id)
      if (meta.attempts < MOST_ATTEMPTS) return { reopen: { id, name: meta.name, because: id === last ? 'reload' : 'crash' }, setAside }
      await this.documents.note(id, { isSetAside: true, isOpen: false })
      setAside.push(meta.name)
    }
    return { setAside }
  }
}
