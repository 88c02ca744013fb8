import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredHistory } from '../contract/history.ts'
import { StudioError } from '../contract/errors.ts'
import type { BlobStore } from './blobs.ts'
import { isLockedElsewhere, takeLock } from './document-lock.ts'
import { readMeta, writeMeta, type DocumentMeta } from './document-meta.ts'
import { Journal } from './journal.ts'
import { namedBlobs, parseJournal } from './journal-lines.ts'

/** Documents without changes that stay on the list, and such whose changes are saved. Those with unsaved changes all stay. */
const MOST_PHOTOS = 24
const MOST_SAVED = 100

/** A document that one page of this host works on. */
export interface OpenDocument {
  readonly id: string
  readonly journal: Journal
  meta: DocumentMeta
  readonly unlock: () => Promise<void>
}

export type NewDocument = Pick<DocumentMeta, 'name' | 'kind' | 'packTitle'> &
  Partial<Pick<DocumentMeta, 'file' | 'thumbnail' | 'render' | 'isUnsaved'>>

/** The documents of the data folder: a folder each, with its journal, what is known of it, and a lock while a page works on it. */
export class Documents {
  private readonly folder: string
  private readonly blobs: BlobStore
  private readonly open = new Map<string, OpenDocument>()

  constructor(folder: string, blobs: BlobStore) {
    this.folder = folder
    this.blobs = blobs
  }

  /** A new document with a history, locked for the caller. Blobs that it names are kept. Documents that it makes needless are forgotten. */
  async create(history: StoredHistory, about: NewDocument): Promise<OpenDocument> {
    const id = randomUUID()
    const folder = join(this.folder, id)
    await mkdir(folder, { recursive: true })
    const meta: DocumentMeta = {
      format: 1,
      photo: history.opened.photo.id,
      at: Date.now(),
      isUnsaved: false,
      isOpen: true,
      attempts: 0,
      isSetAside: false,
      isForgotten: false,
      ...about,
    }
    await this.keep(JSON.stringify([history, meta]))
    const journal = new Journal(join(folder, 'journal.jsonl'))
    await journal.begin(history)
    const unlock = (await takeLock(join(folder, 'lock'))) ?? (() => Promise.resolve())
    await writeMeta(join(folder, 'document.json'), meta)
    const made = { id, journal, meta, unlock }
    this.open.set(id, made)
    await this.forgetOlder(id, meta)
    return made
  }

  /** Locks a document for the caller. Undefined when another page or program has it. Error 'document.missing'. */
  async claim(id: string): Promise<OpenDocument | undefined> {
    if (this.open.has(id)) return undefined
    const meta = await this.meta(id)
    const unlock = await takeLock(this.path(id, 'lock'))
    if (unlock === undefined) return undefined
    const claimed = { id, journal: new Journal(this.path(id, 'journal.jsonl')), meta, unlock }
    this.open.set(id, claimed)
    return claimed
  }

  async release(document: OpenDocument): Promise<void> {
    await document.journal.close()
    this.open.delete(document.id)
    await document.unlock()
  }

  /** The history of a document that somebody else works on. Errors 'document.missing', 'journal.damaged'. */
  async peek(id: string): Promise<{ history: StoredHistory; meta: DocumentMeta }> {
    const meta = await this.meta(id)
    const text = await readFile(this.path(id, 'journal.jsonl'), 'utf8').catch(() => '')
    return { history: parseJournal(text).history, meta }
  }

  /** Changes what is known of a document. */
  async describe(document: OpenDocument, changes: Partial<DocumentMeta>): Promise<void> {
    document.meta = { ...document.meta, ...changes }
    await this.keep(JSON.stringify(changes))
    await writeMeta(this.path(document.id, 'document.json'), document.meta)
  }

  /** As `describe`, for a document that may be nobody's now. */
  async note(id: string, changes: Partial<DocumentMeta>): Promise<void> {
    const document = this.open.get(id)
    if (document !== undefined) return this.describe(document, changes)
    await writeMeta(this.path(id, 'document.json'), { ...(await this.meta(id)), ...changes })
  }

  /** All that can be read, the latest first. */
  async list(): Promise<{ id: string; meta: DocumentMeta; isTaken: boolean }[]> {
    const ids = (await readdir(this.folder).catch(() => [])).filter((name) => /^[0-9a-f-]{36}$/.test(name))
    const found = await Promise.all(
      ids.map(async (id) => {
        const meta = this.open.get(id)?.meta ?? (await readMeta(this.path(id, 'document.json')))
        const isTaken = this.open.has(id) || (await isLockedElsewhere(this.path(id, 'lock')))
        return meta === undefined ? [] : [{ id, meta, isTaken }]
      }),
    )
    return found.flat().sort((a, b) => b.meta.at - a.meta.at)
  }

  /** Keeps every blob that a text names. */
  async keep(text: string): Promise<void> {
    for (const sha256 of namedBlobs(text)) await this.blobs.keep(sha256)
  }

  /**
   * For the start of a host: removes what people took off the list and photos that were only looked at long ago, then blobs that no document
   * and no file of `also` names.
   */
  async tidy(also: string): Promise<void> {
    const all = (await this.list()).filter(({ isTaken }) => !isTaken)
    const listed = all.filter(({ meta }) => !meta.isForgotten)
    const photos = listed.filter(({ meta }) => meta.kind === 'photo' && !meta.isUnsaved)
    const saved = listed.filter(({ meta }) => meta.kind !== 'photo' && !meta.isUnsaved)
    const leaving = [...all.filter(({ meta }) => meta.isForgotten), ...photos.slice(MOST_PHOTOS), ...saved.slice(MOST_SAVED)]
    for (const { id } of leaving) await rm(this.path(id, ''), { recursive: true, force: true })
    const needed = new Set<string>()
    for (const folder of [this.folder, also]) {
      for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])) {
        if (!entry.isFile() || !/\.jsonl?$/.test(entry.name)) continue
        for (const name of namedBlobs(await readFile(join(entry.parentPath, entry.name), 'utf8'))) needed.add(name)
      }
    }
    await this.blobs.keepOnly((sha256) => needed.has(sha256))
  }

  /** The same photo opened again, or the same project, need not be listed twice, as long as nothing unsaved is lost. */
  private async forgetOlder(id: string, { photo, kind, name }: DocumentMeta): Promise<void> {
    for (const other of await this.list()) {
      const { meta } = other
      const isSame = meta.photo === photo && meta.kind === kind && meta.name === name && kind !== 'edits'
      if (other.id !== id && isSame && !other.isTaken && !meta.isUnsaved && !meta.isForgotten) {
        await this.note(other.id, { isForgotten: true, isOpen: false })
      }
    }
  }

  private async meta(id: string): Promise<DocumentMeta> {
    const meta = await readMeta(this.path(id, 'document.json'))
    if (meta !== undefined) return meta
    throw new StudioError('document.missing', {
      where: 'The document',
      what: 'it is no longer kept',
      todo: 'Open the photo or its project file again.',
    })
  }

  private path(id: string, file: string): string {
    return join(this.folder, id, file)
  }
}
