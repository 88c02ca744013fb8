import type { Graph, Value } from '../../onnx/graph.ts'
import { float32 } from '../../onnx/tensor.ts'
import { floats, type Parameters } from '../parameters.ts'
import type { ClipActivation, ImageVit } from './architecture.ts'
import { norm, transformer } from './transformer.ts'

/** CLIP's Vision Transformer (arXiv 2103.00020, section 2.4). image [N,3,size,size], normalised → [N,D], not yet of unit length. */
export function imageVit(g: Graph, a: ImageVit, p: Parameters, image: Value, activation?: ClipActivation): Value {
  const patches = (a.size / a.patch) ** 2
  const kernel = g.initializer('visual.conv1.weight', p.tensor('visual.conv1.weight'))
  let x = g.conv(image, kernel, undefined, { strides: a.patch }) // [N,W,size/patch,size/patch]
  x = g.transpose(g.reshape(x, [0, a.width, patches]), [0, 2, 1]) // [N,patches,W]
  // The class token is the same for every picture: a zero row in front, to which its embedding comes with the positions.
  x = g.add(g.pad(x, [0, 1, 0, 0, 0, 0]), g.constant(positions(p, patches + 1, a.width))) // [N,T,W]
  x = norm(g, p, 'visual.ln_pre', g.reshape(x, [-1, a.width])) // [N·T,W]
  x = transformer(g, p, 'visual.transformer', x, { layers: a.layers, heads: a.heads, tokens: patches + 1, activation })
  const first = g.reshape(g.slice(g.reshape(x, [-1, patches + 1, a.width]), 1, 0, 1), [-1, a.width]) // [N,W]
  return g.matmul(norm(g, p, 'visual.ln_post', first), g.initializer('visual.proj', p.tensor('visual.proj')))
}

/** Positional embedding [T,W] with the class embedding added to its first row. */
function positions(p: Parameters, tokens: number, width: number) {
  const sum = floats(p, 'visual.positional_embedding').slice()
  floats(p, 'visual.class_embedding').forEach((x, i) => (sum[i]! += x))
  return float32([tokens, width], sum)
}
