import type { Graph, Value } from '../../onnx/graph.ts'
import type { Parameters } from '../parameters.ts'
import { resample } from '../resample.ts'
import { centred, conv, FACE_MEAN, separable } from './layers.ts'

/** face-api's feature extractor under landmarks and expressions. image [N,3,H,H] RGB in [-1,1] → [N,256]. Inside the picture has 112². */
export function faceFeatures(g: Graph, p: Parameters, net: string, image: Value): Value {
  let x = centred(g, resample(g, image, 112), FACE_MEAN)
  for (let i = 0; i < 4; i++) x = denseBlock(g, p, `${net}/dense${i}`, x, i === 0)
  return g.flatten(g.averagePool(x, { kernel: 7 })) // [N,256,7,7] → [N,256]
}

/** Four convolutions, the first of which halves the size; each sees the sum of those before it. */
function denseBlock(g: Graph, p: Parameters, name: string, x: Value, isFirst: boolean): Value {
  let sum = g.relu(isFirst ? conv(g, p, `${name}/conv0`, x, 2) : separable(g, p, `${name}/conv0`, x, 2))
  let y = sum
  for (let i = 1; i < 4; i++) {
    sum = g.add(sum, separable(g, p, `${name}/conv${i}`, y))
    y = g.relu(sum)
  }
  return y
}
