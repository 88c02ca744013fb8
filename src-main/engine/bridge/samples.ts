import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readSafetensors, writeSafetensors } from '../checkpoints/safetensors.ts'
import { clipImage } from '../nets/clip/image.ts'
import { formsFor } from '../nets/stylegan2/forms/forms.ts'
import { mapping } from '../nets/stylegan2/mapping.ts'
import { stylesOfW } from '../nets/stylegan2/styles.ts'
import { synthesis } from '../nets/stylegan2/synthesis.ts'
import { Graph } from '../onnx/graph.ts'
import { float32, type TensorData } from '../onnx/tensor.ts'
import type { Pack } from '../packs/pack.ts'
import type { Device } from '../runtime/devices.ts'
import { Random } from '../runtime/random.ts'
import { createSession, type Session } from '../runtime/session.ts'
import { checkCancelled } from './models.ts'

/** Samples without data (METHOD 2.1): z ~ N(0, I), w = F(z), s = A(w), I = G(s), f = E_I(I). */
export interface Bank {
  readonly count: number
  /** [count,D], unit length */
  readonly f: Float32Array
  /** [count,W] */
  readonly w: Float32Array
}

export interface BankOptions {
  readonly count: number
  readonly seed: number
  /** Folder that keeps what was computed; made if missing. It must belong to this generator, this CLIP and this seed alone. */
  readonly folder: string
  readonly batch?: number
  readonly threads?: number
  readonly cacheDir?: string
  readonly signal?: AbortSignal
  readonly progress?: (done: number, of: number) => void
}

/** Samples in one file of the bank: about half a minute's work, so that a kill loses no more. */
const chunkSize = 1024

/** z [count,Z] of samples from … from+count−1. Sample i depends on the seed and i alone, whatever the batch. */
export function sampleZ(seed: number, from: number, count: number, zDim: number): TensorData {
  const random = new Random(seed)
  const z = float32([count, zDim])
  for (let i = 0; i < count; i++) (z.data as Float32Array).set(random.fork(`z/${from + i}`).normals(zDim), i * zDim)
  return z
}

/**
 * The bank: f is computed in one pass z → f and kept in chunks, so that a killed job goes on where it stopped; w is recomputed, which
 * is cheap. Error: Cancelled.
 */
export async function collectBank(pack: Pack, device: Device, options: BankOptions): Promise<Bank> {
  const { generator, clip } = pack.manifest
  const { count, folder, signal, progress } = options
  await mkdir(folder, { recursive: true })
  const f = new Float32Array(count * clip.embed)
  let session: Session | undefined
  try {
    for (let from = 0; from < count; from += chunkSize) {
      const size = Math.min(chunkSize, count - from)
      const file = join(folder, `samples-${from}-${size}.safetensors`)
      let chunk = await readChunk(file)
      if (!chunk) {
        session ??= await sampleSession(pack, device, options)
        chunk = await computeChunk(session, options, from, size, generator.zDim, (done) => progress?.(from + done, count))
        await writeSafetensors(file, { f: chunk })
      }
      f.set(chunk.data as Float32Array, from * clip.embed)
      checkCancelled(signal)
      progress?.(from + size, count)
    }
  } finally {
    await session?.release()
  }
  return { count, f, w: await mapAll(pack, device, options) }
}

/** A chunk that is there and whole; a damaged one is computed again. */
async function readChunk(file: string): Promise<TensorData | undefined> {
  try {
    const opened = await readSafetensors(file)
    try {
      return await opened.read('f')
    } finally {
      await opened.close()
    }
  } catch {
    return undefined
  }
}

/** z [N,Z] → f [N,D] as one graph, so that neither styles nor images are copied between sessions. */
async function sampleSession(pack: Pack, device: Device, options: BankOptions): Promise<Session> {
  const { generator, clip } = pack.manifest
  const p = await pack.parameters('generator')
  const g = new Graph('samples')
  const w = mapping(g, generator, p, g.input('z', ['N', generator.zDim]))
  const { image } = synthesis(g, generator, p, stylesOfW(g, generator, p, w), { forms: formsFor(generator, device.provider) })
  g.output('f', clipImage(g, clip, await pack.parameters('clip'), image))
  return createSession(g, device, options)
}

async function computeChunk(
  session: Session,
  { seed, batch = 8, signal }: BankOptions,
  from: number,
  size: number,
  zDim: number,
  progress: (done: number) => void,
): Promise<TensorData> {
  const rows: Float32Array[] = []
  for (let done = 0; done < size; done += batch) {
    checkCancelled(signal)
    const n = Math.min(batch, size - done)
    const { f } = await session.run({ z: sampleZ(seed, from + done, n, zDim) })
    rows.push(f!.data as Float32Array)
    progress(done + n)
  }
  const embed = rows[0]!.length / Math.min(batch, size)
  const f = float32([size, embed])
  let at = 0
  for (const row of rows) {
    ;(f.data as Float32Array).set(row, at)
    at += row.length
  }
  return f
}

async function mapAll(pack: Pack, device: Device, { count, seed, threads, cacheDir, signal }: BankOptions): Promise<Float32Array> {
  const { generator } = pack.manifest
  const g = new Graph('mapping')
  g.output('w', mapping(g, generator, await pack.parameters('generator'), g.input('z', ['N', generator.zDim])))
  const session = await createSession(g, device, { threads, cacheDir })
  const w = new Float32Array(count * generator.wDim)
  try {
    for (let from = 0; from < count; from += 256) {
      checkCancelled(signal)
      const { w: rows } = await session.run({ z: sampleZ(seed, from, Math.min(256, count - from), generator.zDim) })
      w.set(rows!.data as Float32Array, from * generator.wDim)
    }
  } finally {
    await session.release()
  }
  return w
}
