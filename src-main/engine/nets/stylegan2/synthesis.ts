import type { Graph, Value } from '../../onnx/graph.ts'
import { floats, type Parameters } from '../parameters.ts'
import { channelsAt, resolutions, type StyleGan2 } from './architecture.ts'
import { formOf, isUp, type Forms } from './forms/forms.ts'
import { depthwise, firKernel } from './forms/kernels.ts'
import { styleLayout, type StyleLayer } from './layout.ts'
import { demodulation, perChannel, scaled } from './modulation.ts'

export interface SynthesisOptions {
  /** How each convolution is computed; plain where absent. The image is the same. */
  readonly forms?: Forms
  /** Side of an additional `preview`, the skip image of an earlier block; a resolution of the net. */
  readonly previewSize?: number
  /** 'const' adds the checkpoint's own noise where it has some (NVIDIA's noise_mode); 'none' by default. */
  readonly noise?: 'none' | 'const'
}

/**
 * The synthesis network: image [N,3,R,R] in about [-1,1] (not clamped) from styles s [N,S] (StyleGAN2, arXiv 1912.04958, figure 2 c and figure 7 b).
 * Each block: up-sampling convolution, convolution, and a ToRGB whose image is added to the up-sampled image so far.
 */
export function synthesis(
  g: Graph,
  a: StyleGan2,
  p: Parameters,
  s: Value,
  options: SynthesisOptions = {},
): { image: Value; preview?: Value } {
  const { layers } = styleLayout(a)
  const layerAt = (name: string) => layers.find((l) => l.name === name)!
  const styleOf = (layer: StyleLayer) => g.slice(s, 1, layer.offset, layer.offset + layer.channels) // [N,C]
  const convolve = (x: Value, name: string) => convolutionLayer(g, a, p, layerAt(name), styleOf(layerAt(name)), x, options)

  let x = g.initializer('synthesis.b4.const', p.tensor('synthesis.b4.const')) // [C,4,4]; the first style makes it [N,C,4,4]
  let image: Value | undefined
  let preview: Value | undefined
  for (const r of resolutions(a)) {
    if (r > 4) x = convolve(x, `b${r}.conv0`)
    x = convolve(x, `b${r}.conv1`)
    const toRgb = layerAt(`b${r}.torgb`)
    const y = toRgbLayer(g, a, p, toRgb, styleOf(toRgb), x)
    image = image ? g.add(upsampleImage(g, a, image), y) : y
    if (r === options.previewSize) preview = image
  }
  if (options.previewSize !== undefined && !preview) throw new RangeError(`no block makes an image of ${options.previewSize}²`)
  return preview ? { image: image!, preview } : { image: image! }
}

/** √2 · LeakyReLU_0.2(conv(x · style) / ‖W · style‖ + noise + b), clamped; √2 is in d, the noise and the bias. x [N,I,h,h] → [N,O,H,H] */
function convolutionLayer(
  g: Graph,
  a: StyleGan2,
  p: Parameters,
  layer: StyleLayer,
  style: Value,
  x: Value,
  { forms = {}, noise = 'none' }: SynthesisOptions,
): Value {
  const name = `synthesis.${layer.name}`
  const weight = p.tensor(`${name}.weight`)
  const inputSize = isUp(layer) ? layer.resolution / 2 : layer.resolution
  const form = formOf(layer, forms[layer.name])
  let y = form(g, { name: `${name}.weight`, weight, fir: a.fir, inputSize }, g.mul(x, perChannel(g, style)))
  y = g.mul(y, perChannel(g, demodulation(g, `${name}.weight`, weight, style)))
  if (noise === 'const' && p.has(`${name}.noise_const`)) {
    const strength = floats(p, `${name}.noise_strength`)[0]!
    y = g.add(y, g.constant(scaled(p.tensor(`${name}.noise_const`), Math.SQRT2 * strength))) // [H,H], the same for all channels
  }
  const bias = scaled(p.tensor(`${name}.bias`), Math.SQRT2, [1, channelsAt(a, layer.resolution), 1, 1])
  y = g.leakyRelu(g.add(y, g.constant(bias)), 0.2)
  return a.clamp === undefined ? y : g.clip(y, -a.clamp, a.clamp)
}

/** ToRGB: a modulated 1×1 convolution without demodulation. As a matrix product its weight is modulated for each sample. → [N,3,H,H] */
function toRgbLayer(g: Graph, a: StyleGan2, p: Parameters, layer: StyleLayer, style: Value, x: Value): Value {
  const name = `synthesis.${layer.name}`
  const { channels, resolution: r } = layer
  const weight = scaled(p.tensor(`${name}.weight`), 1 / Math.sqrt(channels), [a.imageChannels, channels]) // NVIDIA's weight gain
  const modulated = g.mul(g.unsqueeze(style, [1]), g.initializer(`${name}.weight.scaled`, weight)) // [N,3,C]
  const rgb = g.matmul(modulated, g.reshape(x, [0, channels, r * r]))
  const bias = g.constant(scaled(p.tensor(`${name}.bias`), 1, [1, a.imageChannels, 1]))
  const y = g.reshape(g.add(rgb, bias), [0, a.imageChannels, r, r])
  return a.clamp === undefined ? y : g.clip(y, -a.clamp, a.clamp)
}

/** The skip image at twice the size, through the low-pass filter: a depthwise transposed convolution. [N,3,h,h] → [N,3,2h,2h] */
function upsampleImage(g: Graph, a: StyleGan2, image: Value): Value {
  const kernel = g.constant(depthwise(firKernel(a.fir, 4), a.imageChannels))
  return g.convTranspose(image, kernel, undefined, { strides: 2, pads: 1, group: a.imageChannels })
}
