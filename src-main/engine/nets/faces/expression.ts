import type { Graph, Value } from '../../onnx/graph.ts'
import type { Parameters } from '../parameters.ts'
import { faceFeatures } from './features.ts'
import { fullyConnected } from './layers.ts'

/** What each output of `faceExpression` means. */
export const EXPRESSIONS = ['neutral', 'happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised'] as const

/** face-api's expressions. image as for `faceLandmark68` → probabilities [N,7] in the order of `EXPRESSIONS`. Used to evaluate only. */
export const faceExpression = (g: Graph, p: Parameters, image: Value): Value =>
  g.softmax(fullyConnected(g, p, 'face_expression/fc', faceFeatures(g, p, 'face_expression', image)), 1)
