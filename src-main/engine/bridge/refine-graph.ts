import { adamStep } from '../gradient/adam.ts'
import { gradients } from '../gradient/gradients.ts'
import { clipImage } from '../nets/clip/image.ts'
import { formsFor } from '../nets/stylegan2/forms/forms.ts'
import { wCount } from '../nets/stylegan2/layout.ts'
import { styles } from '../nets/stylegan2/styles.ts'
import { synthesis } from '../nets/stylegan2/synthesis.ts'
import { Graph, type Value } from '../onnx/graph.ts'
import { float32 } from '../onnx/tensor.ts'
import type { Statistics } from '../packs/statistics.ts'
import type { Models } from './models.ts'

/** What refinement moves, in standard deviations from the start: u [1,L,W] of w+, and x [1,S] of s, beyond what u does. */
export const refinedParameters = ['u', 'x'] as const

/**
 * Weights of the loss's terms. Pixels and pyramid are mean squares, so that PSNR follows; the pulls keep the latent where the generator's
 * own people are, or edits no longer work on it: with pulls a fiftieth as strong a photograph came .3 dB nearer, and hair that should turn
 * black turned green in places.
 */
const weights = { pixels: 1, pyramid: 0.5, semantic: 0.02, pullU: 1e-2, pullX: 4e-2 }

/** Steps of x and u as shares of the rate: s has a hundred times as many ways to fit one picture, and few of them make sense. */
const pace = { u: 1, x: 0.5 }

/**
 * One step of refinement (forward, backward, Adam) as one graph whose outputs are fed back:
 *
 *     s = s_start + A(σ_w u) − A(0) + σ_s x,   I = G(s)
 *     L = mean(I − photo)² + ½ Σ_k mean(pyramid_k(I − photo))² + .02 (1 − f(I)·f(photo)) + .01 mean u² + .04 mean x²
 *
 * pyramid_k: the difference averaged over 2^k points, down to 8². Inputs: start [1,S], photo [1,3,R,R], fPhoto [1,D], rate [] and step [];
 * u, x and their moments (`m.u`, `v.u`, …). Outputs: the same parameters and moments, and of the latent as it came in: image, s, loss, semantic.
 */
export async function refinementGraph(models: Models, { wDeviation, sDeviation }: Statistics): Promise<Graph> {
  const { generator, clip } = models.pack.manifest
  const total = models.layout.total
  const p = await models.parameters('generator')
  const g = new Graph('refine')
  const start = g.input('start', [1, total])
  const photo = g.input('photo', [1, 3, generator.imageSize, generator.imageSize])
  const fPhoto = g.input('fPhoto', [1, clip.embed])
  const [rate, step] = [g.input('rate', []), g.input('step', [])]
  const shapes = { u: [1, wCount(generator), generator.wDim], x: [1, total] }
  const u = g.input('u', shapes.u)
  const x = g.input('x', shapes.x)

  const offset = g.mul(u, g.constant(float32([generator.wDim], wDeviation)))
  const still = g.constant(float32(shapes.u))
  const onManifold = g.sub(styles(g, generator, p, offset), styles(g, generator, p, still))
  const s = g.add(g.add(start, onManifold), g.mul(x, g.initializer('sDeviation', float32([1, total], sDeviation))))
  const { image } = synthesis(g, generator, p, s, { forms: formsFor(generator, models.device.provider) })
  const f = clipImage(g, clip, await models.parameters('clip'), image)
  const semantic = g.reduceSum(g.mul(f, fPhoto), [0, 1], false)

  const difference = g.sub(image, photo)
  const terms: Value[] = [
    g.mul(weights.pixels, meanSquare(g, difference)),
    g.mul(weights.pyramid, pyramid(g, difference, generator.imageSize)),
    g.mul(weights.semantic, g.sub(1, semantic)),
    g.mul(weights.pullU, meanSquare(g, u)),
    g.mul(weights.pullX, meanSquare(g, x)),
  ]
  const loss = terms.reduce((a, b) => g.add(a, b))
  const slopes = gradients(g, loss, [u, x])
  for (const [i, param] of [u, x].entries()) {
    const name = refinedParameters[i]!
    const moments = { m: g.input(`m.${name}`, shapes[name]), v: g.input(`v.${name}`, shapes[name]) }
    const next = adamStep(g, { param, gradient: slopes[i]!, ...moments, step, rate: g.mul(pace[name], rate), beta2: 0.99 })
    g.output(name, next.param)
    g.output(`m.${name}`, next.m)
    g.output(`v.${name}`, next.v)
  }
  for (const [name, value] of Object.entries({ image, s, loss, semantic })) g.output(name, value)
  return g
}

const meanSquare = (g: Graph, x: Value): Value => g.reduceMean(g.square(x), undefined, false)

function pyramid(g: Graph, difference: Value, size: number): Value {
  let [level, sum]: [Value, Value | undefined] = [difference, undefined]
  for (let side = size / 2; side >= 8; side /= 2) {
    level = g.averagePool(level, { kernel: 2 })
    const term = meanSquare(g, level)
    sum = sum ? g.add(sum, term) : term
  }
  return sum ?? meanSquare(g, level)
}
