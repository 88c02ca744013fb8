import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { serveSuite } from '../../contract/testing/far-end.ts'
import { describeTransport } from '../../contract/testing/transport.ts'
import { BlobStore } from '../../studio/blobs.ts'
import { startBrowserServer, type BrowserServer } from './server.ts'
import { socketWire } from './socket-wire.ts'

let folder: string
let server: BrowserServer
let cookie: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'browser-'))
  const page = join(folder, 'page')
  await mkdir(join(page, 'assets'), { recursive: true })
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Stylebridge</title>')
  await writeFile(join(page, 'assets/app-1234.js'), 'export {}')
  await writeFile(join(folder, 'secret.json'), '{}')
  server = await startBrowserServer({ port: 0, page, blobs: new BlobStore(join(folder, 'blobs')), onWire: serveSuite })
  const first = await ask(new URL(server.url).pathname + new URL(server.url).search, { cookie: '' })
  cookie = String(first.headers['set-cookie']?.[0]).split(';')[0]!
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

/** A raw request, so that Host, Origin and the path are exactly what a test says. */
function ask(path: string, { method = 'GET', body, ...headers }: Record<string, string> & { method?: string; body?: string } = {}) {
  return new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port: server.port, path, method, headers: { cookie, ...headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function openSocket(headers: Record<string, string>): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/contract`, { headers })
    socket.on('open', () => resolve(socket)).on('error', reject)
  })
}
const own = () => ({ cookie, origin: `http://127.0.0.1:${server.port}` })

describeTransport('a WebSocket', async () => {
  const socket = await openSocket(own())
  return { wire: socketWire(socket), close: () => socket.terminate() }
})

describe('the gate', () => {
  it('trades the printed key for a cookie that scripts and other sites do not see', async () => {
    const { status, headers } = await ask(`/?token=${new URL(server.url).searchParams.get('token')}`, { cookie: '' })
    expect([status, headers.location]).toEqual([303, '/'])
    expect(headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)
  })

  it.each<[string, Record<string, string>]>([
    ['no cookie', { cookie: '' }],
    ['a wrong cookie', { cookie: 'stylebridge-1=x' }],
    ['a name that somebody points at this machine', { host: 'evil.example' }],
    ['another port in the name', { host: '127.0.0.1:1' }],
    ['a page from elsewhere', { origin: 'http://evil.example' }],
    ['a page of another local server', { origin: 'http://127.0.0.1:1' }],
  ])('refuses %s, for the page, blobs and the socket', async (_, headers) => {
    expect((await ask('/', headers)).status).toBe(403)
    expect((await ask('/blobs', { method: 'POST', body: 'x', ...headers })).status).toBe(403)
    await expect(openSocket({ ...own(), ...headers })).rejects.toThrow('403')
  })

  it('refuses a wrong key, a socket without an origin, and other socket paths', async () => {
    expect((await ask('/?token=wrong', { cookie: '' })).status).toBe(403)
    await expect(openSocket({ cookie })).rejects.toThrow('403')
  })
})

describe('the page', () => {
  it('comes with a policy that lets nothing out', async () => {
    const { status, headers, body } = await ask('/')
    expect([status, headers['content-type'], String(body)]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<!doctype html><title>Stylebridge</title>',
    ])
    expect(headers['content-security-policy']).toContain("default-src 'self'; script-src 'self'; ")
    expect(headers['content-security-policy']).not.toContain('unsafe-eval')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  it('caches what is named by its content', async () => {
    expect((await ask('/assets/app-1234.js')).headers['cache-control']).toContain('immutable')
    expect((await ask('/')).headers['cache-control']).toBe('no-cache')
  })

  it.each(['/../secret.json', '/%2e%2e/secret.json', '/..%2fsecret.json', '/%00', '/%', '/assets', '/nothing.js'])(
    'does not serve %s',
    async (path) => {
      expect((await ask(path)).status).toBe(404)
    },
  )
})

describe('blobs', () => {
  it('go up and come back as they were, with a type told by their bytes and a name on demand', async () => {
    const png = Buffer.from('89504e470d0a1a0a', 'hex')
    const up = await ask('/blobs', { method: 'POST', body: png as never, 'content-type': 'text/html' })
    const sha256 = createHash('sha256').update(png).digest('hex')
    expect(JSON.parse(String(up.body))).toEqual({ sha256, type: 'image/png', bytes: 8 })
    const down = await ask(`/blobs/${sha256}?name=${encodeURIComponent('Über "uns".png')}`)
    expect(down.body).toEqual(png)
    expect(down.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': '8',
      'cache-control': expect.stringContaining('immutable'),
      'content-disposition': `attachment; filename="_ber _uns_.png"; filename*=UTF-8''%C3%9Cber%20%22uns%22.png`,
    })
  })

  it('are not there under other names', async () => {
    expect((await ask(`/blobs/${'0'.repeat(64)}`)).status).toBe(404)
    expect((await ask('/blobs/..%2f..%2fsecret.json')).status).toBe(404)
    expect((await ask('/blobs', { method: 'DELETE' })).status).toBe(405)
  })
})

it('says so when the port is taken', async () => {
  const second = startBrowserServer({ port: server.port, page: folder, blobs: new BlobStore(folder), onWire: () => undefined })
  onTestFinished(() => second.then((opened) => opened.close()).catch(() => undefined))
  await expect(second).rejects.toMatchObject({ code: 'host.port', where: `Port ${server.port}` })
})
