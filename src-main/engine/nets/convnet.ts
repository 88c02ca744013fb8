import type { Graph, Value } from '../onnx/graph.ts'
import { checkShape, type Parameters } from './parameters.ts'
import { resample } from './resample.ts'

const SIZE = 128
const CHANNELS = [32, 64, 128, 256, 256] as const
const GROUPS = 8
const SLOPE = 0.2

/**
 * The plain convolutional net of the judge and of the inversion encoder (models/recipe/learn/convnet.py): five stages that halve the size and add one
 * residual convolution each, then two dense layers, the first as wide as its weights say. image [N,3,H,H] in [-1,1], resized inside to
 * 128² → [N,outputs].
 * @throws StudioError `parameters.missing`, `parameters.wrong-shape`, `nets.picture-shape`
 */
export function convNet(g: Graph, p: Parameters, image: Value, outputs: number): Value {
  const weight = (name: string) => g.initializer(name, p.tensor(name))
  const conv = (name: string, x: Value, strides: number) =>
    g.conv(x, weight(`${name}.weight`), weight(`${name}.bias`), { strides, pads: 1 })
  const activated = (name: string, x: Value) =>
    g.leakyRelu(g.groupNormalization(x, GROUPS, weight(`${name}.weight`), weight(`${name}.bias`)), SLOPE)
  const dense = (name: string, x: Value) => g.gemm(x, weight(`${name}.weight`), weight(`${name}.bias`), { transB: true })

  checkConvNet(p, outputs)
  let x = resample(g, image, SIZE) // [N,3,128,128]
  CHANNELS.forEach((_, i) => {
    x = activated(`stages.${i}.norm0`, conv(`stages.${i}.down`, x, 2))
    x = g.add(x, activated(`stages.${i}.norm1`, conv(`stages.${i}.conv`, x, 1)))
  }) // [N,256,4,4]
  return dense('output', g.leakyRelu(dense('hidden', g.flatten(x)), SLOPE))
}

function checkConvNet(p: Parameters, outputs: number): void {
  CHANNELS.forEach((channels, i) => {
    checkShape(p, `stages.${i}.down.weight`, [channels, CHANNELS[i - 1] ?? 3, 3, 3])
    checkShape(p, `stages.${i}.conv.weight`, [channels, channels, 3, 3])
    for (const name of ['down.bias', 'conv.bias', 'norm0.weight', 'norm0.bias', 'norm1.weight', 'norm1.bias'])
      checkShape(p, `stages.${i}.${name}`, [channels])
  })
  const hidden = p.tensor('hidden.weight').shape[0] ?? 0
  checkShape(p, 'hidden.weight', [hidden, CHANNELS[4] * 16])
  checkShape(p, 'hidden.bias', [hidden])
  checkShape(p, 'output.weight', [outputs, hidden])
  checkShape(p, 'output.bias', [outputs])
}
