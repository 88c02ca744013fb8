import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { StudioError } from '../../contract/errors.ts'
import { BlobStore } from '../../studio/blobs.ts'
import { forkEngine } from '../engine-process.ts'
import type { Folders } from '../folders.ts'
import { serveFromEngine } from '../forward.ts'
import { Supervisor } from '../supervisor.ts'
import { startBrowserServer } from './server.ts'

/** Blobs that may stay on disk between two starts. */
export const BLOB_LIMIT = 2_000_000_000

export interface BrowserHost {
  readonly url: string
  readonly supervisor: Supervisor
  close(): Promise<void>
}

/** The browser host, whole: server, blobs, supervised engine. @param photo a file to open at once */
export async function startBrowserHost(
  folders: Folders,
  { port, photo }: { port: number; photo?: string | undefined },
): Promise<BrowserHost> {
  const blobs = new BlobStore(join(folders.cache, 'blobs'))
  await blobs.clean(BLOB_LIMIT)
  const argument = photo === undefined ? undefined : await argumentPhoto(photo, blobs)
  const supervisor = new Supervisor({ launch: () => forkEngine(folders.engineEntry) })
  try {
    const server = await startBrowserServer({
      port,
      page: folders.renderer,
      blobs,
      onWire: (wire) =>
        serveFromEngine(wire, supervisor, {
          'app.info': async (input) => ({ ...(await supervisor.call('app.info', input)), host: 'browser' as const, argument }),
        }),
    })
    return {
      url: server.url,
      supervisor,
      close: async () => {
        await server.close()
        await supervisor.stop()
      },
    }
  } catch (thrown) {
    await supervisor.stop()
    throw thrown
  }
}

/** A photo named at the start of the program, as a blob that the page opens first. Error 'photo.missing'. */
export async function argumentPhoto(path: string, blobs: BlobStore) {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new StudioError('photo.missing', { where: path, what: 'it cannot be read', todo: 'Check the name of the file.' }, { cause })
  })
  return { blob: await blobs.put(bytes), name: basename(path) }
}
