import { Cancelled } from '../../contract/errors.ts'
import { bridge, inferBridge } from '../nets/bridge.ts'
import { clipImage } from '../nets/clip/image.ts'
import { clipText } from '../nets/clip/text.ts'
import type { Tokenizer } from '../nets/clip/tokenizer.ts'
import { convNet } from '../nets/convnet.ts'
import { floats, type Parameters } from '../nets/parameters.ts'
import { formsFor } from '../nets/stylegan2/forms/forms.ts'
import { styleLayout, wCount, type StyleLayout } from '../nets/stylegan2/layout.ts'
import { mapping } from '../nets/stylegan2/mapping.ts'
import { styles } from '../nets/stylegan2/styles.ts'
import { synthesis } from '../nets/stylegan2/synthesis.ts'
import { Graph } from '../onnx/graph.ts'
import { float32, int64, type TensorData } from '../onnx/tensor.ts'
import type { Pack, PackPart } from '../packs/pack.ts'
import type { Device } from '../runtime/devices.ts'
import { createSession, type Session } from '../runtime/session.ts'

export interface ModelOptions {
  /** Folder for derived files (weights that the runtime maps into memory). */
  readonly cacheDir?: string
  readonly threads?: number
}

/** Pictures are made at half size while a slider moves, where the generator is large enough for that to show. */
const previewFrom = 256

/** A pack's networks on a device. Each session is made when it is first needed; all numbers are float32, batches of any size. */
export class Models {
  readonly pack: Pack
  readonly device: Device
  readonly layout: StyleLayout
  /** Milliseconds of the latest run of each network. */
  readonly timings: Record<string, number> = {}
  readonly #options: ModelOptions
  readonly #sessions = new Map<string, Promise<Session>>()
  readonly #parameters = new Map<PackPart, Promise<Parameters>>()
  readonly #texts = new Map<string, Float32Array>()
  #tokenizer: Promise<Tokenizer> | undefined

  /** Use `loadModels`. */
  constructor(pack: Pack, device: Device, options: ModelOptions) {
    this.pack = pack
    this.device = device
    this.layout = styleLayout(pack.manifest.generator)
    this.#options = options
  }

  /** w [N,W] = F(z [N,Z]). */
  async mapping(z: TensorData): Promise<TensorData> {
    const { generator } = this.pack.manifest
    const build = async (g: Graph) => {
      g.output('w', mapping(g, generator, await this.parameters('generator'), g.input('z', ['N', generator.zDim])))
    }
    return this.#run('mapping', build, { z }, 'w')
  }

  /** s [N,S] = A(wPlus [N,L,W]). */
  async styles(wPlus: TensorData): Promise<TensorData> {
    const { generator } = this.pack.manifest
    const build = async (g: Graph) => {
      const input = g.input('wPlus', ['N', wCount(generator), generator.wDim])
      g.output('s', styles(g, generator, await this.parameters('generator'), input))
    }
    return this.#run('styles', build, { wPlus }, 's')
  }

  /** Styles s [N,S] of one w [N,W] for all layers. */
  async stylesOfW(w: TensorData): Promise<TensorData> {
    const { generator } = this.pack.manifest
    const [n = 0] = w.shape
    const rows = wCount(generator)
    const wPlus = float32([n, rows, generator.wDim])
    for (let i = 0; i < n; i++) {
      const row = (w.data as Float32Array).subarray(i * generator.wDim, (i + 1) * generator.wDim)
      for (let l = 0; l < rows; l++) (wPlus.data as Float32Array).set(row, (i * rows + l) * generator.wDim)
    }
    return this.styles(wPlus)
  }

  /** Images [N,3,R,R] in about [-1,1] = G(s [N,S]); 'preview' gives half of R for generators of 256² and more. */
  async synthesize(s: TensorData, options: { size?: 'full' | 'preview' } = {}): Promise<TensorData> {
    const { generator } = this.pack.manifest
    const previewSize = generator.imageSize >= previewFrom ? generator.imageSize / 2 : undefined
    const preview = options.size === 'preview' && previewSize !== undefined
    const build = async (g: Graph) => {
      const made = synthesis(g, generator, await this.parameters('generator'), g.input('s', ['N', this.layout.total]), {
        forms: formsFor(generator, this.device.provider),
        ...(preview ? { previewSize } : {}),
      })
      g.output('image', preview && made.preview ? made.preview : made.image)
    }
    return this.#run(preview ? 'preview' : 'synthesis', build, { s }, 'image')
  }

  /** f [N,D], unit length, of images [N,3,H,W] in [-1,1]. Sessions are kept by image size. */
  async embedImage(image: TensorData): Promise<TensorData> {
    const [, , height = 0, width = 0] = image.shape
    const build = async (g: Graph) => {
      const input = g.input('image', ['N', 3, height, width])
      g.output('f', clipImage(g, this.pack.manifest.clip, await this.parameters('clip'), input))
    }
    return this.#run('clip-image', build, { image }, 'f', `${height}x${width}`)
  }

  /** f [N,D], unit length, of texts. What was embedded once is remembered. */
  async embedText(texts: readonly string[]): Promise<TensorData> {
    const { clip } = this.pack.manifest
    const missing = [...new Set(texts)].filter((text) => !this.#texts.has(text))
    if (missing.length > 0) {
      const tokenizer = await this.tokenizer()
      const ids = missing.flatMap((text) => [...tokenizer.encode(text, clip.text.context)])
      const build = async (g: Graph) => {
        const tokens = g.input('tokens', ['N', clip.text.context], 'int64')
        g.output('f', clipText(g, clip, await this.parameters('clip'), tokens))
      }
      const f = await this.#run('clip-text', build, { tokens: int64([missing.length, clip.text.context], ids) }, 'f')
      missing.forEach((text, i) => this.#texts.set(text, (f.data as Float32Array).slice(i * clip.embed, (i + 1) * clip.embed)))
    }
    return float32([texts.length, clip.embed], Float32Array.from(texts.flatMap((text) => [...this.#texts.get(text)!])))
  }

  /** deltaW [N,W] and deltaS [N,S] = B(deltaF [N,D]). */
  async bridge(deltaF: TensorData): Promise<{ deltaW: TensorData; deltaS: TensorData }> {
    const session = await this.#bridge()
    const { deltaW, deltaS } = await session.run({ deltaF }, ['deltaW', 'deltaS'])
    this.timings['bridge'] = session.lastMs
    return { deltaW: deltaW!, deltaS: deltaS! }
  }

  /** What adaptive style mixing multiplies each style channel by, [N,S], of deltaF [N,D]; undefined for a pack aligned without it. */
  async modulation(deltaF: TensorData): Promise<TensorData | undefined> {
    const session = await this.#bridge()
    if (!session.outputs.some(({ name }) => name === 'modulation')) return undefined
    return (await session.run({ deltaF }, ['modulation']))['modulation']
  }

  #bridge(): Promise<Session> {
    return this.#session('bridge', 'bridge', async (g) => {
      const p = await this.parameters('bridge')
      const a = inferBridge(p, this.pack.manifest.alignment?.mixing ?? 'gate')
      const made = bridge(g, a, p, g.input('deltaF', ['N', a.embed]))
      g.output('deltaW', made.deltaW)
      g.output('deltaS', made.deltaS)
      if (made.modulation) g.output('modulation', made.modulation)
    })
  }

  /** wPlus [N,L,W] of aligned images [N,3,R,R] in [-1,1], by the pack's encoder: offsets from the generator's mean w. */
  async encode(image: TensorData): Promise<TensorData> {
    const { generator } = this.pack.manifest
    const [, , height = 0, width = 0] = image.shape
    const [rows, wDim] = [wCount(generator), generator.wDim]
    const build = async (g: Graph) => {
      const offsets = convNet(g, await this.parameters('encoder'), g.input('image', ['N', 3, height, width]), rows * wDim)
      const mean = floats(await this.parameters('generator'), 'mapping.w_avg')
      g.output('wPlus', g.add(g.reshape(offsets, [-1, rows, wDim]), g.constant(float32([wDim], mean))))
    }
    return this.#run('encoder', build, { image }, 'wPlus', `${height}x${width}`)
  }

  /** Words of a text that the pack's vocabulary never saw whole. */
  async unknownWords(text: string): Promise<string[]> {
    return (await this.tokenizer()).unknownWords(text)
  }

  tokenizer(): Promise<Tokenizer> {
    return (this.#tokenizer ??= this.pack.tokenizer())
  }

  /** The weights of a network, read once. */
  parameters(part: PackPart): Promise<Parameters> {
    let found = this.#parameters.get(part)
    if (!found) this.#parameters.set(part, (found = this.pack.parameters(part)))
    return found
  }

  async release(): Promise<void> {
    const sessions = [...this.#sessions.values()]
    this.#sessions.clear()
    await Promise.allSettled(sessions.map(async (session) => (await session).release()))
  }

  async #run(
    name: string,
    build: (g: Graph) => Promise<void>,
    feeds: Record<string, TensorData>,
    wanted: string,
    variant = '',
  ): Promise<TensorData> {
    const session = await this.#session(name, name + variant, build)
    const results = await session.run(feeds, [wanted])
    this.timings[name] = session.lastMs
    return results[wanted]!
  }

  #session(name: string, key: string, build: (g: Graph) => Promise<void>): Promise<Session> {
    let session = this.#sessions.get(key)
    if (!session) {
      const create = async () => {
        const g = new Graph(name)
        await build(g)
        return createSession(g, this.device, this.#options)
      }
      session = create()
      // A failure (a missing part, say) is not remembered: the next call tries again.
      session.catch(() => this.#sessions.delete(key))
      this.#sessions.set(key, session)
    }
    return session
  }
}

/** A pack's networks on a device; nothing is loaded before it is needed. */
export function loadModels(pack: Pack, device: Device, options: ModelOptions = {}): Models {
  return new Models(pack, device, options)
}

/** Throws Cancelled if the person cancelled; called between the steps of every job. */
export function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Cancelled()
}
