import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { WebSocketServer } from 'ws'
import { StudioError } from '../../contract/errors.ts'
import type { Wire } from '../../contract/wire.ts'
import { UPLOAD_LIMIT, type BlobStore } from '../../studio/blobs.ts'
import { attachment, contentSecurityPolicy, pageFile } from '../page-files.ts'
import { Gate } from './gate.ts'
import { socketWire } from './socket-wire.ts'

/** The contract carries small messages only; pixels go by /blobs. */
const MESSAGE_LIMIT = 4_000_000

export interface BrowserServer {
  /** The address to open, with the key. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

export interface BrowserServerOptions {
  /** 0 picks a free port. */
  readonly port: number
  readonly page: string
  readonly blobs: BlobStore
  /** A page connected: serve it the contract. */
  readonly onWire: (wire: Wire) => void
}

/**
 * The page, blobs and the contract's socket on 127.0.0.1 only:
 * GET / and files of the page, GET /blobs/<sha256>[?name=file.jpg], POST /blobs → Blob, WebSocket /contract.
 */
export async function startBrowserServer({ port, page, blobs, onWire }: BrowserServerOptions): Promise<BrowserServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch((thrown: unknown) => fail(response, thrown))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(port, error)))
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const boundPort = typeof address === 'object' && address !== null ? address.port : port
  const gate = new Gate(boundPort)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_LIMIT })

  server.on('upgrade', (request, socket, head) => {
    if (urlOf(request).pathname !== '/contract' || gate.refusal(request) !== undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (connected) => onWire(socketWire(connected)))
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Content-Security-Policy', contentSecurityPolicy(`'self' ws://${request.headers.host ?? ''}`))
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Referrer-Policy', 'no-referrer')
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
    const url = urlOf(request)
    if (request.method === 'GET' && url.pathname === '/' && gate.opens(url.searchParams.get('token'))) {
      response.writeHead(303, { Location: '/', 'Set-Cookie': gate.cookie, 'Cache-Control': 'no-store' }).end()
      return
    }
    const refusal = gate.refusal(request)
    if (refusal !== undefined) return text(response, 403, refusal)
    const blob = /^\/blobs\/([0-9a-f]{64})$/.exec(url.pathname)?.[1]
    if (request.method === 'POST' && url.pathname === '/blobs') return receive(request, response)
    if (request.method !== 'GET' && request.method !== 'HEAD') return text(response, 405, 'Only GET and POST are answered here.')
    if (blob !== undefined) return sendBlob(response, blob, url.searchParams.get('name'))
    const file = await pageFile(page, url.pathname)
    if (file === undefined) return text(response, 404, 'There is nothing here.')
    response.writeHead(200, {
      'Content-Type': file.type,
      'Content-Length': file.bytes.byteLength,
      'Cache-Control': file.isHashed ? 'private, max-age=31536000, immutable' : 'no-cache',
    })
    response.end(file.bytes)
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const blob = await blobs.putStream(request as AsyncIterable<Uint8Array>, UPLOAD_LIMIT)
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(blob))
  }

  async function sendBlob(response: ServerResponse, sha256: string, name: string | null): Promise<void> {
    const blob = await blobs.serve(sha256)
    if (blob === undefined) return text(response, 404, 'This picture is no longer in the cache.')
    response.writeHead(200, {
      'Content-Type': blob.type,
      'Content-Length': blob.bytes,
      'Cache-Control': 'private, max-age=31536000, immutable',
      ...(name === null ? {} : { 'Content-Disposition': attachment(name) }),
    })
    await pipeline(blob.stream(), response)
  }

  return {
    url: `http://127.0.0.1:${boundPort}/?token=${gate.token}`,
    port: boundPort,
    close: async () => {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const urlOf = (request: IncomingMessage) => new URL(request.url ?? '/', 'http://127.0.0.1')

function text(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(sentence)
}

/** A failure as the contract's error data, with a status that fits; a response that has begun can only be cut. */
function fail(response: ServerResponse, thrown: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const error = StudioError.from(thrown, 'The upload')
  const status = error.code === 'blob.too-large' ? 413 : 500
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' }).end(JSON.stringify(error.toData()))
}

function portError(port: number, error: NodeJS.ErrnoException): StudioError {
  const what = error.code === 'EADDRINUSE' ? 'another program uses it' : error.message
  return new StudioError(
    'host.port',
    { where: `Port ${port}`, what, todo: 'Choose another one with --port, or leave it out.' },
    { cause: error },
  )
}
