import { blobSchema, type Blob as StoredBlob } from '../../src-main/contract/calls.ts'
import type { Client } from '../../src-main/contract/channel.ts'
import { StudioError, type ErrorData } from '../../src-main/contract/errors.ts'

/** Everything that the page may ask of the program that shows it: the contract's calls, and the address of blobs. */
export interface Host {
  readonly client: Client
  /** Where a blob's bytes are fetched from. With a name the answer is a download of that name. */
  blobUrl(sha256: string, name?: string): string
  /** Stores a file as a blob. */
  upload(file: File): Promise<StoredBlob>
}

let current: Host | undefined

/** Called once, before the first store is used. */
export function setHost(host: Host): void {
  current = host
}

export function useHost(): Host {
  if (current === undefined) throw new Error('setHost comes before the first use of the host')
  return current
}

/** Blobs of both real hosts lie beside the page. */
export const blobPath = (sha256: string, name?: string): string =>
  name === undefined ? `./blobs/${sha256}` : `./blobs/${sha256}?name=${encodeURIComponent(name)}`

export async function uploadBlob(file: File): Promise<StoredBlob> {
  const response = await fetch('./blobs', { method: 'POST', body: file }).catch((cause: unknown) => {
    throw new StudioError(
      'host.unreachable',
      { where: file.name, what: 'the studio could not be reached', todo: 'Check that the program is still running.' },
      { cause },
    )
  })
  if (response.ok) return blobSchema.parse(await response.json())
  throw await refusal(response, file.name)
}

async function refusal(response: Response, where: string): Promise<StudioError> {
  const data = (await response.json().catch(() => undefined)) as Partial<ErrorData> | undefined
  if (data?.code !== undefined && data.what !== undefined && data.todo !== undefined) {
    return StudioError.fromData({ code: data.code, where: data.where ?? where, what: data.what, todo: data.todo })
  }
  return new StudioError('host.refused', {
    where,
    what: `the studio refused it (${response.status})`,
    todo: 'Reload the page and try again.',
  })
}
