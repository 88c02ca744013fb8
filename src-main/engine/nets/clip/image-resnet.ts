import type { Graph, Value } from '../../onnx/graph.ts'
import { float32 } from '../../onnx/tensor.ts'
import { floats, type Parameters } from '../parameters.ts'
import type { ImageResnet } from './architecture.ts'
import { attend, dense, splitHeads } from './transformer.ts'

/**
 * CLIP's modified ResNet (arXiv 2103.00020, section 2.4): three stem convolutions, average pools before strides, attention as the last pool.
 * image [N,3,size,size], normalised → [N,D], not yet of unit length. Batch norms are folded into the convolutions before them.
 */
export function imageResnet(g: Graph, a: ImageResnet, p: Parameters, image: Value): Value {
  let x = g.relu(conv(g, p, 'visual.conv1', 'visual.bn1', image, { strides: 2, pads: 1 }))
  x = g.relu(conv(g, p, 'visual.conv2', 'visual.bn2', x, { pads: 1 }))
  x = g.relu(conv(g, p, 'visual.conv3', 'visual.bn3', x, { pads: 1 }))
  x = g.averagePool(x, { kernel: 2 }) // [N,width,size/4,size/4]
  a.layers.forEach((blocks, layer) => {
    for (let b = 0; b < blocks; b++) x = bottleneck(g, p, `visual.layer${layer + 1}.${b}`, x, b === 0 && layer > 0)
  })
  return attentionPool(g, p, 'visual.attnpool', x, a.heads)
}

/** 1×1, 3×3 and 1×1 convolutions around a shortcut; the first block of layers 2 to 4 halves the size. */
function bottleneck(g: Graph, p: Parameters, name: string, x: Value, halves: boolean): Value {
  const shrink = (y: Value) => (halves ? g.averagePool(y, { kernel: 2 }) : y)
  let y = g.relu(conv(g, p, `${name}.conv1`, `${name}.bn1`, x))
  y = g.relu(conv(g, p, `${name}.conv2`, `${name}.bn2`, y, { pads: 1 }))
  y = conv(g, p, `${name}.conv3`, `${name}.bn3`, shrink(y))
  const shortcut = p.has(`${name}.downsample.0.weight`) ? conv(g, p, `${name}.downsample.0`, `${name}.downsample.1`, shrink(x)) : x
  return g.relu(g.add(y, shortcut))
}

/** The mean of all places asks, the mean and all places answer: [N,C,h,w] → [N,D]. */
function attentionPool(g: Graph, p: Parameters, name: string, x: Value, heads: number): Value {
  const [channels, places] = [x.shape[1] as number, (x.shape[2] as number) * (x.shape[3] as number)]
  const flat = g.transpose(g.reshape(x, [0, channels, places]), [0, 2, 1]) // [N,hw,C]
  const all = g.concat([g.reduceMean(flat, [1]), flat], 1) // [N,hw+1,C]
  const positions = g.initializer(`${name}.positional_embedding`, p.tensor(`${name}.positional_embedding`))
  const tokens = g.add(all, positions)
  const project = (part: string, t: Value, count: number) =>
    splitHeads(g, dense(g, p, `${name}.${part}_proj.weight`, `${name}.${part}_proj.bias`, g.reshape(t, [-1, channels])), count, heads)
  const q = project('q', g.slice(tokens, 1, 0, 1), 1)
  const pooled = attend(g, q, project('k', tokens, places + 1), project('v', tokens, places + 1)) // [N,C]
  return dense(g, p, `${name}.c_proj.weight`, `${name}.c_proj.bias`, pooled)
}

/** Convolution and batch norm as one: W' = W·γ/√(σ² + 1e-5), b' = β − μ·γ/√(σ² + 1e-5). */
function conv(g: Graph, p: Parameters, name: string, bn: string, x: Value, o: { strides?: number; pads?: number } = {}): Value {
  const [gain, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) => floats(p, `${bn}.${part}`)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const factor = Float64Array.from(gain, (y, i) => y / Math.sqrt(variance[i]! + 1e-5))
  const { shape } = p.tensor(`${name}.weight`)
  const fan = shape.slice(1).reduce((n, d) => n * d, 1)
  const weight = floats(p, `${name}.weight`).map((w, i) => w * factor[Math.floor(i / fan)]!)
  const w = g.initializer(`${name}.folded.weight`, float32(shape, weight))
  const b = g.initializer(
    `${name}.folded.bias`,
    float32(
      [factor.length],
      bias.map((y, i) => y - mean[i]! * factor[i]!),
    ),
  )
  return g.conv(x, w, b, o)
}
