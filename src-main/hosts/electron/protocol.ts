import { protocol } from 'electron'
import { Readable } from 'node:stream'
import { StudioError } from '../../contract/errors.ts'
import { UPLOAD_LIMIT, type BlobStore } from '../../studio/blobs.ts'
import { attachment, contentSecurityPolicy, pageFile } from '../page-files.ts'

/** Before the app is ready: makes stylebridge: a scheme like https:, with an origin, fetch and streams. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'stylebridge', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
}

/** stylebridge://app/ answers as the browser host's server does: the page, GET /blobs/<sha256>[?name=], POST /blobs. */
export function servePage(page: string, blobs: BlobStore): void {
  protocol.handle('stylebridge', async (request) => {
    const url = new URL(request.url)
    if (url.host !== 'app') return answer(404, 'There is nothing here.')
    try {
      if (request.method === 'POST' && url.pathname === '/blobs') return await receive(request, blobs)
      const sha256 = /^\/blobs\/([0-9a-f]{64})$/.exec(url.pathname)?.[1]
      if (sha256 !== undefined) return await sendBlob(blobs, sha256, url.searchParams.get('name'))
      const file = await pageFile(page, url.pathname)
      return file === undefined
        ? answer(404, 'There is nothing here.')
        : answer(200, Buffer.from(file.bytes), { 'Content-Type': file.type })
    } catch (thrown) {
      const error = StudioError.from(thrown, url.pathname)
      return answer(error.code === 'blob.too-large' ? 413 : 500, JSON.stringify(error.toData()), { 'Content-Type': 'application/json' })
    }
  })
}

async function receive(request: Request, blobs: BlobStore): Promise<Response> {
  const chunks = (request.body ?? new ReadableStream({ start: (controller) => controller.close() })) as unknown as AsyncIterable<Uint8Array>
  return answer(200, JSON.stringify(await blobs.putStream(chunks, UPLOAD_LIMIT)), { 'Content-Type': 'application/json' })
}

async function sendBlob(blobs: BlobStore, sha256: string, name: string | null): Promise<Response> {
  const blob = await blobs.serve(sha256)
  if (blob === undefined) return answer(404, 'This picture is no longer in the cache.')
  return answer(200, Readable.toWeb(Readable.from(blob.stream())) as ReadableStream, {
    'Content-Type': blob.type,
    'Content-Length': String(blob.bytes),
    'Cache-Control': 'max-age=31536000, immutable',
    ...(name === null ? {} : { 'Content-Disposition': attachment(name) }),
  })
}

function answer(status: number, body: string | Buffer | ReadableStream, headers: Record<string, string> = {}): Response {
  return new Response(body as ConstructorParameters<typeof Response>[0], {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Security-Policy': contentSecurityPolicy("'self'"), ...headers },
  })
}
