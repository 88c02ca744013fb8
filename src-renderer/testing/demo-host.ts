import type { Blob as StoredBlob, OpenedPhoto, Rendered } from '../../src-main/contract/calls.ts'
import { connect, serve, type Handlers } from '../../src-main/contract/channel.ts'
import { Cancelled, StudioError } from '../../src-main/contract/errors.ts'
import type { EditLayer } from '../../src-main/contract/document.ts'
import { memoryWires } from '../../src-main/contract/wire.ts'
import type { Host } from '../host/host.ts'
import { demoPack } from './demo-pack.ts'
import { blend, demoPicture, drawPhoto } from './demo-pictures.ts'

/** A host in the page itself, for working on the looks without an engine: rendered portraits stand in for results. Never part of the product. */
export function demoHost(): Host {
  const urls = new Map<string, string>()
  async function put(picture: globalThis.Blob): Promise<StoredBlob> {
    const bytes = await picture.arrayBuffer()
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    if (!urls.has(sha256)) urls.set(sha256, URL.createObjectURL(picture))
    return { sha256, type: picture.type, bytes: picture.size }
  }
  const pictureBlob = async (name: string) => put(await demoPicture(name))

  const handlers: Handlers = {
    'app.info': async () => ({
      version: '0.1.0',
      host: 'browser',
      samples: await Promise.all(
        ['base', 'v2', 'v3', 'v4'].map(async (name, index) => ({
          name,
          title: `Portrait ${index + 1}`,
          thumbnail: await pictureBlob(name),
        })),
      ),
    }),
    'engine.status': () => ({
      phase: 'ready',
      device: { provider: 'cpu', label: 'Processor · 2 threads', present: true, works: true, note: '' },
      devices: [
        { provider: 'cpu', label: 'Processor', present: true, works: true, note: '' },
        { provider: 'cuda', label: 'CUDA', present: false, works: false, note: 'its libraries are not installed' },
      ],
    }),
    'packs.list': () => [demoPack],
    'photo.open': async ({ source }, { progress, signal }) => {
      progress({ stage: 'reading', step: 1, of: 2 })
      await pause(300, signal)
      if ('blob' in source && /\.txt$/.test(source.name)) {
        throw new StudioError('photo.not-an-image', {
          where: source.name,
          what: 'it is a text file',
          todo: 'Choose a JPEG, PNG, WebP, AVIF or TIFF picture.',
        })
      }
      const name = 'sample' in source ? source.sample : source.name
      return openedPhoto(name.includes('group') ? 3 : 1, name)
    },
    'photo.crop': async (_, { signal }) => {
      await pause(60, signal)
      return { aligned: await pictureBlob('base') }
    },
    'photo.invert': async (_, { signal }) => {
      await pause(500, signal)
      return {
        method: 'encoder',
        closeness: { psnr: 24.3, semantic: 0.91, percent: 86 },
        aligned: await pictureBlob('base'),
        inverted: await pictureBlob('red'),
      }
    },
    'edit.split': ({ text }) => ({ parts: text.split(/,? with |, | and /).filter(Boolean), unknownWords: [] }),
    'edit.render': async ({ layers, draft, crop }, { signal }): Promise<Rendered> => {
      await pause(draft ? 60 : 350, signal)
      const shown = layers.filter((layer) => layer.visible && layer.strength !== 0)
      const channels = Object.fromEntries(layers.map((layer) => [layer.id, { used: 148, of: 4928 }]))
      if (shown.length === 0) return { timings: {}, unknownWords: [], channels }
      const strength = Math.max(...shown.map((layer) => Math.abs(layer.strength)))
      const patch = await put(await blend(resultOf(shown), Math.min(strength, 1), draft ? 256 : 448))
      const box = { x: crop.center[0] - crop.size / 2, y: crop.center[1] - crop.size / 2, width: crop.size, height: crop.size }
      const unknownWords = shown.flatMap(({ text }) => (text.includes('zebra') ? ['zebra'] : []))
      return { patch: { ...patch, box }, timings: { direction: 12, synthesize: 48, composite: 33 }, unknownWords, channels }
    },
    'edit.variations': async ({ recipe, count, seed }, { progress, signal }) => {
      const variations = []
      for (let index = 0; index < count; index++) {
        await pause(450, signal)
        const layers = recipe.layers.map((layer) => ({ ...layer, variation: { seed: seed * 100 + index, amount: 0.5 } }))
        const result = { index, layers, thumbnail: await pictureBlob(['v1', 'v2', 'v3', 'v4'][index % 4]!) }
        variations.push(result)
        progress(result)
      }
      return { variations }
    },
    'export.render': async ({ format }, { progress, signal }) => {
      for (let step = 0; step < 6; step++) {
        progress({ stage: 'compositing', step, of: 6 })
        await pause(150, signal)
      }
      return { blob: await pictureBlob('smiling-red'), name: `photo.${format}`, width: 1344, height: 896, warnings: [] }
    },
  }

  async function openedPhoto(faceCount: number, name: string): Promise<OpenedPhoto> {
    const preview = await put(await drawPhoto(faceCount))
    const faces = Array.from({ length: faceCount }, (_, index) => {
      const center: [number, number] = [faceCount === 1 ? 672 : 224 + index * 448, 448]
      const size = faceCount === 1 ? 896 : 448
      return { box: { x: center[0] - 100, y: 300, width: 200, height: 260 }, score: 0.98, landmarks: [], crop: { center, size, angle: 0 } }
    })
    return {
      id: preview.sha256,
      name: /\./.test(name) ? name : `${name}.jpg`,
      width: 1344,
      height: 896,
      format: 'jpeg',
      depth: 8,
      profile: 'Display P3',
      preview: { ...preview, width: 1344, height: 896 },
      faces,
      crop: faces[0]!.crop,
      warnings: [],
    }
  }

  const { near, far } = memoryWires()
  serve(far, handlers)
  return { client: connect(near), blobUrl: (sha256) => urls.get(sha256) ?? `missing-${sha256}`, upload: (file) => put(file) }
}

/** Which of the pictures looks most like these edits. */
function resultOf(layers: readonly EditLayer[]): string {
  const seed = layers.find((layer) => layer.variation !== undefined)?.variation?.seed
  if (seed !== undefined) return ['v1', 'v2', 'v3', 'v4'][seed % 4]!
  const text = layers.map((layer) => layer.text).join(' ')
  const isSmiling = /smil/.test(text)
  return /red|hair/.test(text) ? (isSmiling ? 'smiling-red' : 'red') : isSmiling ? 'smiling' : 'v3'
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new Cancelled())
    })
  })
}
