import type { CallInput, CallOutput, OpenedDocument } from '../contract/calls.ts'
import type { Handlers } from '../contract/channel.ts'
import { StudioError } from '../contract/errors.ts'
import { storedHistorySchema, type StoredHistory } from '../contract/history.ts'
import type { BlobStore } from './blobs.ts'
import type { Documents, OpenDocument } from './documents.ts'
import { readProject, writeProject } from './project-file.ts'
import type { Startup } from './startup.ts'

/** Past this no project is written, in bytes. */
const PROJECT_LIMIT = 4_000_000_000

/** What a host with dialogs of its own does for projects. */
export interface ProjectFiles {
  /** Where to, or nothing when the person changed their mind. */
  ask(proposed: string): Promise<string | undefined>
  write(blob: string, path: string): Promise<void>
  /** Where a blob's file was chosen. */
  pathOf(blob: string): string | undefined
}

export interface DocumentParts {
  readonly documents: Documents
  readonly blobs: BlobStore
  readonly startup: Startup
  readonly version: string
  readonly files?: ProjectFiles | undefined
}

/** One page's documents: its calls, and what happens when it goes. */
export interface DocumentPage {
  readonly handlers: Handlers
  /** The page is gone. What it did not leave on purpose is reopened by the next one. */
  close(): Promise<void>
}

export function documentPage({ documents, blobs, startup, version, files }: DocumentParts): DocumentPage {
  const mine = new Map<string, OpenDocument>()

  const own = (document: OpenDocument) => {
    mine.set(document.id, document)
    return document
  }
  /** A page that lost its connection, or whose host was started again, goes on where it was. */
  async function mineOrClaimed(id: string): Promise<OpenDocument> {
    const known = mine.get(id)
    if (known !== undefined) return known
    const claimed = await documents.claim(id)
    if (claimed === undefined) throw elsewhere(id)
    await claimed.journal.read()
    await documents.describe(claimed, { isOpen: true, isForgotten: false })
    return own(claimed)
  }

  async function open({ id, isRecovery }: CallInput<'documents.open'>): Promise<OpenedDocument> {
    const known = mine.get(id)
    if (known !== undefined) return answer(known, await known.journal.read())
    const claimed = await documents.claim(id)
    if (claimed === undefined) return copy(id)
    try {
      if (isRecovery) await documents.describe(claimed, { attempts: claimed.meta.attempts + 1 })
      const history = await claimed.journal.read()
      await documents.describe(claimed, { isOpen: true, isForgotten: false, at: Date.now() })
      return await answer(own(claimed), history)
    } catch (thrown) {
      mine.delete(id)
      await documents.release(claimed)
      throw thrown
    }
  }
  async function copy(id: string): Promise<OpenedDocument> {
    const { history, meta } = await documents.peek(id)
    const { name, packTitle, thumbnail, render, isUnsaved } = meta
    const kind = meta.kind === 'photo' ? 'photo' : 'edits'
    const made = own(await documents.create(history, { name, packTitle, kind, isUnsaved, ...defined({ thumbnail, render }) }))
    return answer(made, history, true)
  }
  async function answer({ id, meta, journal }: OpenDocument, history: StoredHistory, isCopy = false): Promise<OpenedDocument> {
    const { sha256 } = await blobs.put(Buffer.from(JSON.stringify(history)))
    const { name, kind, packTitle, render, file } = meta
    return { id, name, kind, packTitle, history: sha256, lines: journal.lines, isCopy, ...defined({ render, file }) }
  }

  async function recent(): Promise<CallOutput<'documents.recent'>> {
    // This page may leave one of its own while the list is read.
    const own = new Set(mine.keys())
    await startup.settled()
    const listed = (await documents.list()).filter(({ meta }) => !meta.isForgotten)
    return {
      documents: listed.map(({ id, meta, isTaken }) => {
        const { name, kind, thumbnail, at, isUnsaved, isSetAside } = meta
        return { id, name, kind, at, isUnsaved, isSetAside, isElsewhere: isTaken && !own.has(id), ...defined({ thumbnail }) }
      }),
    }
  }

  async function leave(id: string): Promise<void> {
    const document = mine.get(id)
    if (document === undefined) return
    mine.delete(id)
    await documents.describe(document, { isOpen: false })
    await documents.release(document)
  }

  async function close(): Promise<void> {
    const left = [...mine.values()]
    mine.clear()
    for (const document of left) {
      startup.lost(document.id)
      await documents.release(document)
    }
  }

  async function pack({ id, recipe, render, thumbnail }: CallInput<'projects.pack'>): Promise<CallOutput<'projects.pack'>> {
    const document = await mineOrClaimed(id)
    const history = await document.journal.read()
    const { packTitle } = document.meta
    const contents = { history: { ...history, saved: history.current }, recipe, packTitle, render, thumbnail }
    const zip = writeProject(contents, blobs, { version, savedAt: Date.now() })
    return { blob: await blobs.putStream(zip, PROJECT_LIMIT) }
  }
  async function openProject({ blob, name }: CallInput<'projects.open'>): Promise<OpenedDocument> {
    const path = await blobs.find(blob)
    if (path === undefined)
      throw new StudioError('blob.missing', { where: name, what: 'it is no longer in the cache', todo: 'Open it again.' })
    const { history, packTitle, render, thumbnail } = await readProject(path, name, blobs)
    const about = {
      name: withoutExtension(name),
      kind: 'project' as const,
      packTitle,
      ...defined({ render, thumbnail, file: files?.pathOf(blob) }),
    }
    return answer(own(await documents.create(history, about)), history)
  }

  async function save(to: ProjectFiles, { id, blob, name, asks }: CallInput<'projects.save'>): Promise<CallOutput<'projects.save'>> {
    const document = await mineOrClaimed(id)
    const path = (asks ? undefined : document.meta.file) ?? (await to.ask(name))
    if (path === undefined) return {}
    await to.write(blob, path)
    const saved = withoutExtension(path.replace(/^.*[/\\]/, ''))
    await documents.describe(document, { file: path, kind: 'project', name: saved, isUnsaved: false, at: Date.now() })
    return { path, name: saved }
  }

  return {
    handlers: {
      'documents.begin': async ({ name, packTitle, history }) => {
        const stored = storedHistorySchema.parse(JSON.parse(Buffer.from(await blobs.read(history)).toString()))
        return { id: own(await documents.create(stored, { name, packTitle, kind: 'photo' })).id }
      },
      'documents.append': async ({ id, from, lines }) => {
        const document = await mineOrClaimed(id)
        await documents.keep(JSON.stringify(lines))
        return { lines: await document.journal.append(from, lines) }
      },
      'documents.rewrite': async ({ id, history }) => {
        const document = await mineOrClaimed(id)
        await document.journal.begin(storedHistorySchema.parse(JSON.parse(Buffer.from(await blobs.read(history)).toString())))
        return { lines: document.journal.lines }
      },
      'documents.describe': async ({ id, isEdited, ...changes }) => {
        const document = await mineOrClaimed(id)
        const kind = document.meta.kind === 'photo' && isEdited ? 'edits' : document.meta.kind
        await documents.describe(document, { ...defined(changes), kind, at: Date.now() })
        return {}
      },
      'documents.open': open,
      'documents.arrived': async ({ id }) => {
        await documents.note(id, { attempts: 0, isSetAside: false })
        return {}
      },
      'documents.leave': async ({ id }) => {
        await startup.track(leave(id))
        return {}
      },
      'documents.startup': ({ last }) => startup.next(last),
      'documents.recent': recent,
      'documents.forget': async ({ id, isForgotten }) => {
        await documents.note(id, { isForgotten, isOpen: false })
        return {}
      },
      'projects.pack': pack,
      'projects.open': openProject,
      'projects.saved': async ({ id, name }) => {
        const document = await mineOrClaimed(id)
        await documents.describe(document, { kind: 'project', name: withoutExtension(name), isUnsaved: false, at: Date.now() })
        return {}
      },
      ...(files === undefined ? {} : { 'projects.save': (input: CallInput<'projects.save'>) => save(files, input) }),
    },
    close: () => startup.track(close()),
  }
}

const withoutExtension = (name: string) => name.replace(/\.stylebridge$/i, '')

/** Leaves out what is undefined: a stored value is not replaced by nothing. */
function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

const elsewhere = (id: string) =>
  new StudioError('document.elsewhere', {
    where: `The document ${id.slice(0, 8)}`,
    what: 'another window works on it',
    todo: 'Go on there, or save it here under another name.',
  })
