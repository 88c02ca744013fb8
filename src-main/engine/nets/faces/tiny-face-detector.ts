import { StudioError } from '../../../contract/errors.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import type { Parameters } from '../parameters.ts'
import { centred, conv, samePads, separable } from './layers.ts'

const NET = 'tiny_face_detector'
const MEAN = [117.001, 114.697, 97.404]

/**
 * face-api's tiny face detector, a small YOLO v2. image [N,3,S,S] RGB in [-1,1], S a multiple of 32 (416 finds most, 160 is fastest)
 * → [N,25,S/32,S/32], raw: read it with `decodeDetections`.
 * A photo is scaled until its longer side is S and put into the top left corner; the rest is black (−1).
 * @throws StudioError `nets.picture-shape`
 */
export function tinyFaceDetector(g: Graph, p: Parameters, image: Value): Value {
  const [height, width] = [image.shape[2], image.shape[3]]
  if (typeof height !== 'number' || height !== width || height % 32 !== 0) {
    const what = `its shape is [${image.shape.join(', ')}]`
    throw new StudioError('nets.picture-shape', {
      where: `picture "${image.name}"`,
      what,
      todo: 'Give square pictures with sides that 32 divides.',
    })
  }
  let x = leaky(g, conv(g, p, `${NET}/conv0`, centred(g, image, MEAN), 1, 'valid'))
  for (let i = 1; i <= 5; i++) x = leaky(g, separable(g, p, `${NET}/conv${i}`, maxPool(g, x, 2)))
  return conv(g, p, `${NET}/conv8`, maxPool(g, x, 1), 1, 'valid')
}

const leaky = (g: Graph, x: Value) => g.leakyRelu(x, 0.1)

const maxPool = (g: Graph, x: Value, stride: number) => g.maxPool(x, { kernel: 2, strides: stride, pads: samePads(x, 2, stride) })
