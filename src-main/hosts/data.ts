import { join } from 'node:path'
import type { Handlers } from '../contract/channel.ts'
import type { BlobStore } from '../studio/blobs.ts'
import { Documents } from '../studio/documents.ts'
import { documentPage, type DocumentPage, type ProjectFiles } from '../studio/projects.ts'
import { Startup } from '../studio/startup.ts'
import { KeyValues, storeHandlers } from '../studio/store.ts'
import type { Folders } from './folders.ts'

/** What a host with pages keeps in the data folder, and answers itself: it must not depend on an engine that may be down. */
export interface HostData {
  readonly store: Handlers
  /** For each page that connects; `close` it when the page is gone. */
  page(files?: ProjectFiles): DocumentPage
  /** When what pages left behind is on the disk. */
  settled(): Promise<void>
}

/** The blobs of a host: those of the cache, and those that documents need. */
export const blobFolders = ({ cache, data }: Folders): [cache: string, kept: string] => [join(cache, 'blobs'), join(data, 'blobs')]

export function openData({ data, version }: Folders, blobs: BlobStore): HostData {
  const documents = new Documents(join(data, 'documents'), blobs)
  const startup = new Startup(documents)
  const values = join(data, 'store')
  // Tidying is never worth a failed start; what it leaves is tidied the next time.
  void documents.tidy(values).catch(() => undefined)
  return {
    store: storeHandlers(new KeyValues(values, (text) => documents.keep(text))),
    page: (files) => documentPage({ documents, blobs, startup, version, files }),
    settled: () => startup.settled(),
  }
}
