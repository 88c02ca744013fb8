import { gradients } from '../gradient/gradients.ts'
import { clipImage } from '../nets/clip/image.ts'
import { synthesis } from '../nets/stylegan2/synthesis.ts'
import { formsFor } from '../nets/stylegan2/forms/forms.ts'
import { Graph } from '../onnx/graph.ts'
import { float32 } from '../onnx/tensor.ts'
import type { Effects } from '../packs/statistics.ts'
import { Random } from '../runtime/random.ts'
import { createSession, type Session } from '../runtime/session.ts'
import { keptDifferences } from './keep.ts'
import { checkCancelled, type Models } from './models.ts'
import { principalRows } from './orthonormal.ts'

/** Directions of f that are measured: what pictures vary in beyond the first 40 is less than a hundredth of the whole. */
const directionsMeasured = 40

export interface EffectsOptions {
  readonly seed: number
  readonly threads?: number
  readonly cacheDir?: string
  readonly signal?: AbortSignal
  readonly progress?: (done: number, of: number) => void
}

/**
 * What each style channel does to f: ∂(vᵀ E_I(G(s)))/∂s_j along the principal directions v of f, the mean over samples s [N,S]. One backward pass
 * through G and E_I a direction and batch; nothing is trained, nothing is labelled. StyleCLIP measures the same by moving every channel
 * of a hundred pictures (its "relevance", hours); a gradient does it in a minute. Error: Cancelled.
 */
export async function measureEffects(
  models: Models,
  fCovariance: Float32Array,
  samples: Float32Array,
  { seed, threads, cacheDir, signal, progress }: EffectsOptions,
): Promise<Effects> {
  const { clip, generator } = models.pack.manifest
  const [width, total] = [clip.embed, models.layout.total]
  const count = Math.min(directionsMeasured, width)
  const start = Float64Array.from(new Random(seed).fork('directions').normals(count * width))
  const rows = Float32Array.from(principalRows(fCovariance, start, count, width))
  const slopes = new Float32Array(count * total)
  // Pictures of 512² and more go one by one: a backward pass keeps every layer's picture.
  const batch = Math.min(generator.imageSize >= 512 ? 1 : 4, samples.length / total)
  const pictures = Math.floor(samples.length / total / batch) * batch
  const session = await slopeSession(models, batch, { threads, cacheDir })
  try {
    for (let k = 0; k < count; k++) {
      const direction = float32([width, 1], rows.slice(k * width, (k + 1) * width))
      for (let from = 0; from < pictures; from += batch) {
        checkCancelled(signal)
        const s = float32([batch, total], samples.slice(from * total, (from + batch) * total))
        const slope = (await session.run({ s, direction }))['slope']!.data as Float32Array
        for (let i = 0; i < slope.length; i++) slopes[k * total + (i % total)]! += slope[i]! / pictures
      }
      progress?.(k + 1, count)
    }
  } finally {
    await session.release()
  }
  return { fDirections: rows, fSlopes: slopes, fKept: await keptDifferences(models) }
}

/** s [batch,S], direction v [D,1] → slope [batch,S], that of Σ_batch vᵀf: each row is its own picture's. */
async function slopeSession(models: Models, batch: number, options: { threads?: number; cacheDir?: string }): Promise<Session> {
  const { clip, generator } = models.pack.manifest
  const g = new Graph('effects')
  const s = g.input('s', [batch, models.layout.total])
  const direction = g.input('direction', [clip.embed, 1])
  const forms = formsFor(generator, models.device.provider)
  const { image } = synthesis(g, generator, await models.parameters('generator'), s, { forms })
  const f = clipImage(g, clip, await models.parameters('clip'), image)
  const [slope] = gradients(g, g.reduceSum(g.matmul(f, direction), [0, 1], false), [s])
  g.output('slope', slope!)
  return createSession(g, models.device, options)
}
