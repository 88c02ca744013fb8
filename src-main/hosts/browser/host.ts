import { join } from 'node:path'
import { BlobStore, BLOB_LIMIT } from '../../studio/blobs.ts'
import { KeyValues, storeHandlers } from '../../studio/store.ts'
import { argumentPhoto } from '../argument.ts'
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
  const blobs = new BlobStore(join(folders.cache, 'blobs'))
  await blobs.clean(BLOB_LIMIT)
  const store = storeHandlers(new KeyValues(join(folders.data, 'store')))
  const argument = photo === undefined ? undefined : await argumentPhoto(photo, blobs)
  const supervisor = new Supervisor({ launch: () => forkEngine(folders.engineEntry) })
  try {
    const server = await startBrowserServer({
      port,
      page: folders.renderer,
      blobs,
      onWire: (wire) =>
        serveFromEngine(wire, supervisor, {
          ...store,
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
