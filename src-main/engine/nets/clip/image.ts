import type { Graph, Value } from '../../onnx/graph.ts'
import { float32 } from '../../onnx/tensor.ts'
import type { Parameters } from '../parameters.ts'
import { resample } from '../resample.ts'
import type { ClipArchitecture } from './architecture.ts'
import { imageResnet } from './image-resnet.ts'
import { imageVit } from './image-vit.ts'
import { unitLength } from './unit-length.ts'

/**
 * CLIP's image encoder fImage [N,D] = E_I(image), of unit length. image [N,3,H,H] in [-1,1], sRGB, H known; it is resized (bicubic, antialiased) and
 * normalised inside, by operators that have gradients. Values are not clamped: what a file would cut off, this sees.
 * @throws StudioError `nets.picture-shape`
 */
export function clipImage(g: Graph, a: ClipArchitecture, p: Parameters, image: Value): Value {
  const x = normalise(g, a, resample(g, image, a.image.size)) // [N,3,size,size]
  return unitLength(g, a.image.kind === 'vit' ? imageVit(g, a.image, p, x, a.activation) : imageResnet(g, a.image, p, x))
}

/** ((x + 1)/2 − mean) / std as one product and one sum. */
function normalise(g: Graph, { mean, std }: ClipArchitecture, x: Value): Value {
  const factor = std.map((s) => 0.5 / s)
  const offset = mean.map((m, i) => (0.5 - m) / std[i]!)
  return g.add(g.mul(x, g.constant(float32([1, 3, 1, 1], factor))), g.constant(float32([1, 3, 1, 1], offset)))
}
