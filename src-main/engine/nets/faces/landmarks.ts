import type { Graph, Value } from '../../onnx/graph.ts'
import type { Parameters } from '../parameters.ts'
import { faceFeatures } from './features.ts'
import { fullyConnected } from './layers.ts'

/**
 * face-api's 68 landmarks (iBUG's order: jaw 0–16, brows 17–26, nose 27–35, eyes 36–47, mouth 48–67; right and left as the viewer sees them).
 * image [N,3,H,H] RGB in [-1,1], best of 112², resized inside otherwise → [N,136]: x0, y0, x1, y1 … as fractions of the picture.
 * It shows a detection's box and nothing around it; a box that is not square is centred between black (−1) bars.
 */
export const faceLandmark68 = (g: Graph, p: Parameters, image: Value): Value =>
  fullyConnected(g, p, 'face_landmark_68/fc', faceFeatures(g, p, 'face_landmark_68', image))
