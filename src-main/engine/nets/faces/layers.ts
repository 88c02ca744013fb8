import type { Graph, Value } from '../../onnx/graph.ts'
import { float32 } from '../../onnx/tensor.ts'
import type { Parameters } from '../parameters.ts'

// The layers of face-api's networks (npm @vladmandic/face-api, MIT), which TensorFlow.js runs on [N,H,W,C]; here [N,C,H,W] with kernels [O,I,kH,kW].

/** What face-api subtracts from R, G, B in 0…255 before the landmark, expression, age and identity nets. */
export const FACE_MEAN = [122.782, 117.001, 104.298] as const

/** RGB in [-1,1] → (RGB in 0…255 − mean) / 255. */
export function centred(g: Graph, image: Value, mean: readonly number[]): Value {
  const offset = mean.map((m) => 0.5 - m / 255)
  return g.add(g.mul(image, 0.5), g.constant(float32([1, 3, 1, 1], offset)))
}

/** TensorFlow's "same" padding of both axes, [top, left, bottom, right]: what is odd goes to the end. x [N,C,H,W], H and W known. */
export function samePads(x: Value, kernel: number, stride: number): number[] {
  const total = x.shape.slice(2).map((d) => {
    const size = d as number
    return Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size)
  })
  return [...total.map((t) => Math.floor(t / 2)), ...total.map((t) => Math.ceil(t / 2))]
}

/** A convolution with `filters` [O,I,kH,kW] and `bias` [O] of a layer, padded to "same" unless told otherwise. */
export function conv(g: Graph, p: Parameters, name: string, x: Value, stride = 1, padding: 'same' | 'valid' = 'same'): Value {
  const filters = p.tensor(`${name}/filters`)
  const pads = padding === 'same' ? samePads(x, filters.shape[2]!, stride) : 0
  return g.conv(x, g.initializer(`${name}/filters`, filters), bias(g, p, name), { strides: stride, pads })
}

/** A 3×3 convolution of each channel, then a 1×1 convolution and the bias. */
export function separable(g: Graph, p: Parameters, name: string, x: Value, stride = 1): Value {
  const each = g.initializer(`${name}/depthwise_filter`, p.tensor(`${name}/depthwise_filter`)) // [C,1,3,3]
  const across = g.initializer(`${name}/pointwise_filter`, p.tensor(`${name}/pointwise_filter`)) // [O,C,1,1]
  const y = g.conv(x, each, undefined, { strides: stride, pads: samePads(x, 3, stride), group: x.shape[1] as number })
  return g.conv(y, across, bias(g, p, name))
}

/** x W + b for x [N,I], W [I,O]. */
export function fullyConnected(g: Graph, p: Parameters, name: string, x: Value): Value {
  return g.gemm(x, g.initializer(`${name}/weights`, p.tensor(`${name}/weights`)), bias(g, p, name))
}

const bias = (g: Graph, p: Parameters, name: string) => g.initializer(`${name}/bias`, p.tensor(`${name}/bias`))
