import { download } from '../host/download.ts'
import { useHost } from '../host/host.ts'

/** A file that the page itself saves to: one that the person chose where the browser lets pages write, else a name for downloads. */
export interface PageFile {
  readonly name: string
  readonly handle?: FileSystemFileHandle
}

/** Not in every browser, hence not in TypeScript's own types. */
interface SavePicker {
  showSaveFilePicker?: (options: {
    suggestedName: string
    types: { description: string; accept: Record<string, string[]> }[]
  }) => Promise<FileSystemFileHandle>
}
interface Permitting {
  requestPermission?: (wish: { mode: 'readwrite' }) => Promise<PermissionState>
}

/**
 * Where a project goes: the known file if the person lets the page write it, else one that is asked for, else a download. Must be called before
 * anything slow, while the browser still knows that a person pressed a key. @returns nothing when the person changed their mind
 */
export async function chooseTarget(name: string, known: PageFile | undefined): Promise<PageFile | undefined> {
  if (known !== undefined && (known.handle === undefined || (await mayWrite(known.handle)))) return known
  const { showSaveFilePicker } = window as SavePicker
  if (showSaveFilePicker === undefined) return { name }
  try {
    const types = [{ description: 'Stylebridge', accept: { 'application/x-stylebridge': ['.stylebridge'] } }]
    const handle = await showSaveFilePicker({ suggestedName: name, types })
    return { name: handle.name, handle }
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return undefined
    throw thrown
  }
}

/** Writes a blob into the target; the browser replaces the file only once all of it is written. */
export async function writeTarget(target: PageFile, sha256: string): Promise<void> {
  const host = useHost()
  if (target.handle === undefined) {
    return download(host.blobUrl(sha256, target.name), target.name)
  }
  const response = await fetch(host.blobUrl(sha256))
  await response.body!.pipeTo(await target.handle.createWritable())
}

const mayWrite = async (handle: FileSystemFileHandle & Permitting) =>
  (await handle.requestPermission?.({ mode: 'readwrite' })) === 'granted'
