import { BlobStore, BLOB_LIMIT } from '../../studio/blobs.ts'
import { argumentPhoto } from '../argument.ts'
import { blobFolders, openData } from '../data.ts'
import { forkEngine } from '../engine-process.ts'
import type { Folders } from '../folders.ts'
import { serveFromEngine } from '../forward.ts'
import { Supervisor } from '../supervisor.ts'
import { startBrowserServer } from './server.ts'

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
  const blobs = new BlobStore(...blobFolders(folders))
  await blobs.clean(BLOB_LIMIT)
  const data = openData(folders, blobs)
  const argument = photo === undefined ? undefined : await argumentPhoto(photo, blobs)
  const supervisor = new Supervisor({ launch: () => forkEngine(folders.engineEntry) })
  try {
    const server = await startBrowserServer({
      port,
      page: folders.renderer,
      blobs,
      onWire: (wire) => {
        const documents = data.page()
        wire.onClose(() => void documents.close())
        serveFromEngine(wire, supervisor, {
          ...data.store,
          ...documents.handlers,
          'app.info': async (input) => ({ ...(await supervisor.call('app.info', input)), host: 'browser' as const, argument }),
        })
      },
    })
    return {
      url: server.url,
      supervisor,
      close: async () => {
        await server.close()
        await data.settled()
        await supervisor.stop()
      },
    }
  } catch (thrown) {
    await supervisor.stop()
    throw thrown
  }
}
