import { mkdir, open, readFile, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StudioError } from '../contract/errors.ts'
import type { JournalLine, StoredHistory } from '../contract/history.ts'
import { syncFolder, writeAtomic } from './files.ts'
import { parseJournal } from './journal-lines.ts'

/**
 * A document's journal: a file of JSON lines, the first a whole history, each further one what happened then. Lines are only ever put at the end and
 * are on the disk before anybody hears that they are kept, so a program that is killed leaves at worst half a line, which reading ignores.
 */
export class Journal {
  readonly path: string
  private file: FileHandle | undefined
  /** Lines after the first, and bytes that hold whole lines. */
  private count = 0
  private bytes = 0
  private work: Promise<unknown> = Promise.resolve()

  constructor(path: string) {
    this.path = path
  }

  get lines(): number {
    return this.count
  }

  /** Begins the journal, anew where there is one. Error 'journal.not-written'. */
  begin(history: StoredHistory): Promise<void> {
    return this.inOrder(async () => {
      await this.shut()
      await mkdir(dirname(this.path), { recursive: true })
      await this.write(history)
    })
  }

  /**
   * Puts lines at the end. `from` is how many the sender has sent before: those that are here already are not written twice.
   * Errors 'document.gap' when some are missing, 'journal.not-written'.
   */
  append(from: number, lines: readonly JournalLine[]): Promise<number> {
    return this.inOrder(async () => {
      if (from > this.count) throw gap(from, this.count)
      const fresh = lines.slice(this.count - from)
      if (fresh.length === 0) return this.count
      const text = Buffer.from(fresh.map((line) => `${JSON.stringify(line)}\n`).join(''))
      this.file ??= await open(this.path, 'a')
      try {
        await this.file.appendFile(text)
        await this.file.datasync()
      } catch (thrown) {
        // Half a line must not stand before the next one.
        await this.file.truncate(this.bytes).catch(() => undefined)
        throw thrown
      }
      this.count += fresh.length
      this.bytes += text.byteLength
      return this.count
    })
  }

  /** The history that the journal tells, and continues it from there: a torn end is cut off. Errors 'journal.damaged', 'journal.missing'. */
  read(): Promise<StoredHistory> {
    return this.inOrder(async () => {
      await this.shut()
      const bytes = await readFile(this.path).catch((cause: unknown) => missing(this.path, cause))
      const { history, lines, isTorn } = parseJournal(bytes.toString())
      if (isTorn) await this.write(history)
      else [this.count, this.bytes] = [lines, bytes.byteLength]
      return history
    })
  }

  async close(): Promise<void> {
    await this.work.catch(() => undefined)
    await this.shut()
  }

  /** Takes the journal off the disk. */
  async remove(): Promise<void> {
    await this.close()
    await rm(this.path, { force: true })
    await syncFolder(dirname(this.path))
  }

  private async write(history: StoredHistory): Promise<void> {
    const text = Buffer.from(`${JSON.stringify(history)}\n`)
    await writeAtomic(this.path, text)
    this.count = 0
    this.bytes = text.byteLength
  }

  private async shut(): Promise<void> {
    await this.file?.close()
    this.file = undefined
  }

  private inOrder<T>(task: () => Promise<T>): Promise<T> {
    const result = this.work.catch(() => undefined).then(task)
    this.work = result
    return result.catch((thrown: unknown) => {
      throw notWritten(this.path, thrown)
    })
  }
}

const gap = (from: number, count: number) =>
  new StudioError('document.gap', {
    where: 'The journal',
    what: `it has ${count} lines, and those after line ${from} came`,
    todo: 'Save the project now.',
  })

function missing(path: string, cause: unknown): never {
  throw new StudioError('journal.missing', { where: path, what: 'it cannot be read', todo: 'Open the photo again.' }, { cause })
}

function notWritten(path: string, thrown: unknown): unknown {
  if (thrown instanceof StudioError) return thrown
  const what = thrown instanceof Error ? thrown.message : String(thrown)
  return new StudioError(
    'journal.not-written',
    { where: path, what, todo: 'Make room on the disk, or save the project elsewhere.' },
    { cause: thrown },
  )
}
