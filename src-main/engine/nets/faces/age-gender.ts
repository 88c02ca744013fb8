import type { Graph, Value } from '../../onnx/graph.ts'
import type { Parameters } from '../parameters.ts'
import { resample } from '../resample.ts'
import { centred, conv, FACE_MEAN, fullyConnected, samePads, separable } from './layers.ts'

const NET = 'age_gender'

/**
 * face-api's age and gender net, a small Xception. image as for `faceLandmark68` → age [N,1] in years, gender [N,2]: probabilities of male, female.
 * Used to evaluate only.
 */
export function ageGender(g: Graph, p: Parameters, image: Value): { age: Value; gender: Value } {
  let x = g.relu(conv(g, p, `${NET}/entry_flow/conv_in`, centred(g, resample(g, image, 112), FACE_MEAN), 2)) // [N,32,56,56]
  x = reduction(g, p, `${NET}/entry_flow/reduction_block_0`, x, x)
  x = reduction(g, p, `${NET}/entry_flow/reduction_block_1`, x, g.relu(x))
  for (let i = 0; i < 2; i++) x = middle(g, p, `${NET}/middle_flow/main_block_${i}`, x)
  x = reduction(g, p, `${NET}/exit_flow/reduction_block`, x, g.relu(x)) // [N,256,7,7]
  x = g.relu(separable(g, p, `${NET}/exit_flow/separable_conv`, x)) // [N,512,7,7]
  const features = g.flatten(g.averagePool(x, { kernel: 7 })) // [N,512]
  return {
    age: fullyConnected(g, p, `${NET}/fc/age`, features),
    gender: g.softmax(fullyConnected(g, p, `${NET}/fc/gender`, features), 1),
  }
}

/** Two separable convolutions and a max pool beside a 1×1 convolution of x with stride 2. `active` is x, activated or not. */
function reduction(g: Graph, p: Parameters, name: string, x: Value, active: Value): Value {
  let y = separable(g, p, `${name}/separable_conv0`, active)
  y = separable(g, p, `${name}/separable_conv1`, g.relu(y))
  y = g.maxPool(y, { kernel: 3, strides: 2, pads: samePads(y, 3, 2) })
  return g.add(y, conv(g, p, `${name}/expansion_conv`, x, 2))
}

function middle(g: Graph, p: Parameters, name: string, x: Value): Value {
  let y = x
  for (let i = 0; i < 3; i++) y = separable(g, p, `${name}/separable_conv${i}`, g.relu(y))
  return g.add(y, x)
}
