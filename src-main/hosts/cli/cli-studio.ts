import type { CallInput, CallName, CallOutput, CallProgress } from '../../contract/calls.ts'
import { calls } from '../../contract/calls.ts'
import type { CallContext, Handler } from '../../contract/channel.ts'
import { BLOB_LIMIT } from '../../studio/blobs.ts'
import { Studio } from '../../studio/studio.ts'
import { DeviceKeeper } from '../engine/device-keeper.ts'
import type { Folders } from '../folders.ts'
import type { Report } from './report.ts'

/**
 * The studio inside the command's own process: a command is one job, so nothing is gained by supervising it. The calls are the contract's, so that
 * a command does exactly what the window does.
 */
export interface CliStudio {
  readonly studio: Studio
  readonly call: <K extends CallName>(name: K, input: CallInput<K>, onProgress?: (value: CallProgress<K>) => void) => Promise<CallOutput<K>>
}

export async function openCliStudio(folders: Folders, report: Report): Promise<CliStudio> {
  const notice = ({ text }: { text: string }) => report.notice(text)
  const keeper = new DeviceKeeper(folders, { status: () => undefined, notice })
  keeper.start()
  const studio = new Studio({
    version: folders.version,
    packs: folders.packs,
    samples: folders.samples,
    cache: folders.cache,
    data: folders.data,
    device: () => keeper.device(),
    status: () => keeper.status,
    notice,
    threads: keeper.threads,
  })
  await studio.blobs.clean(BLOB_LIMIT)
  const handlers = studio.handlers()
  const { signal } = new AbortController()
  return {
    studio,
    call: async (name, input, onProgress) => {
      const handler = handlers[name] as Handler<typeof name>
      const context = { signal, progress: (value: never) => onProgress?.(value) } as CallContext<typeof name>
      return handler(calls[name].in.parse(input) as never, context)
    },
  }
}

/** The pack that a command works with: the named one, or the first there is. */
export async function choosePack({ studio }: CliStudio, named: string | undefined): Promise<string> {
  if (named !== undefined) return named
  const [first] = await studio.shelf.list()
  return first?.manifest.id ?? (await studio.shelf.find('portraits')).manifest.id
}
