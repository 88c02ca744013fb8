import type { Graph, Value } from '../../onnx/graph.ts'
import { float32 } from '../../onnx/tensor.ts'
import { floats, type Parameters } from '../parameters.ts'
import { resample } from '../resample.ts'
import { centred, FACE_MEAN, samePads } from './layers.ts'

const NET = 'face_recognition'
const STAGES = [
  ['conv32_1', 'conv32_2', 'conv32_3'],
  ['conv64_down', 'conv64_1', 'conv64_2', 'conv64_3'],
  ['conv128_down', 'conv128_1', 'conv128_2'],
  ['conv256_down', 'conv256_1', 'conv256_2', 'conv256_down_out'],
].flat()

/**
 * face-api's identity descriptor (dlib's ResNet). image [N,3,H,H] RGB in [-1,1], best of 150², resized inside otherwise → [N,128].
 * Two pictures show the same person if their descriptors' Euclidean distance is below about 0.6. It shows the box around the landmarks, a fifth wider
 * on each side. Used to evaluate only.
 */
export function faceRecognition(g: Graph, p: Parameters, image: Value): Value {
  let x = g.relu(scaled(g, p, `${NET}/conv32_down`, centred(g, resample(g, image, 150), FACE_MEAN), 2)) // [N,32,72,72]
  x = g.maxPool(x, { kernel: 3, strides: 2 })
  for (const name of STAGES) x = residual(g, p, `${NET}/${name}`, x, name.includes('down'))
  return g.matmul(g.reduceMean(x, [2, 3], false), g.initializer(`${NET}/fc`, p.tensor(`${NET}/fc`)))
}

/** Two convolutions beside a shortcut. Halving, the shortcut is an average pool; whichever side is smaller is filled up with zeros at the end. */
function residual(g: Graph, p: Parameters, name: string, x: Value, halves: boolean): Value {
  const y = scaled(g, p, `${name}/conv2`, g.relu(scaled(g, p, `${name}/conv1`, x, halves ? 2 : 1)), 1)
  if (!halves) return g.relu(g.add(y, x))
  const pooled = g.averagePool(x, { kernel: 2 })
  const lack = (a: Value, b: Value) => [
    0,
    0,
    0,
    0,
    ...b.shape.map((d, i) => (i === 0 ? 0 : Math.max(0, (d as number) - (a.shape[i] as number)))),
  ]
  return g.relu(g.add(g.pad(y, lack(y, pooled)), g.pad(pooled, lack(pooled, y))))
}

/** Convolution, bias and the scale after it as one: (W x + b)·s + t. With stride 2 nothing is padded. */
function scaled(g: Graph, p: Parameters, name: string, x: Value, stride: number): Value {
  const { shape } = p.tensor(`${name}/conv/filters`)
  const [scale, shift, bias] = ['scale/weights', 'scale/biases', 'conv/bias'].map((part) => floats(p, `${name}/${part}`)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const fan = shape.slice(1).reduce((n, d) => n * d, 1)
  const filters = floats(p, `${name}/conv/filters`).map((w, i) => w * scale[Math.floor(i / fan)]!)
  const offset = bias.map((b, i) => b * scale[i]! + shift[i]!)
  const pads = stride === 1 ? samePads(x, shape[2]!, 1) : 0
  return g.conv(
    x,
    g.initializer(`${name}/folded/filters`, float32(shape, filters)),
    g.initializer(`${name}/folded/bias`, float32([shape[0]!], offset)),
    { strides: stride, pads },
  )
}
