import { transformOf } from './transform.ts'
import type { CropTransform, Point } from './transform.ts'

/**
 * FFHQ's alignment (Karras et al., arXiv 1812.04948, appendix A; NVlabs/ffhq-dataset, recreate_aligned_images) from the 68
 * landmarks of the iBUG scheme in photo pixels: eyes are the means of points 36–41 and 42–47, the mouth's corners are 48 and 54.
 * The square's half axis is x = ê·max(2·|eyes|, 1.8·|eyes to mouth|), with ê along (eyes − rot90(eyes to mouth)); its centre lies
 * a tenth of the way from the eyes to the mouth.
 */
export function ffhqCrop(landmarks: readonly Point[]): CropTransform {
  if (landmarks.length !== 68) throw new RangeError(`FFHQ's crop needs 68 landmarks, not ${landmarks.length}`)
  const left = mean(landmarks.slice(36, 42))
  const right = mean(landmarks.slice(42, 48))
  return ffhqCropFromPoints(left, right, mean([landmarks[48]!, landmarks[54]!]))
}

/** The same from the eyes' centres (`left` and `right` as they lie in the picture) and the middle of the mouth's corners. */
export function ffhqCropFromPoints(left: Point, right: Point, mouth: Point): CropTransform {
  const eyes = mean([left, right])
  const eyeToEye: Point = [right[0] - left[0], right[1] - left[1]]
  const eyeToMouth: Point = [mouth[0] - eyes[0], mouth[1] - eyes[1]]
  const x: Point = [eyeToEye[0] + eyeToMouth[1], eyeToEye[1] - eyeToMouth[0]]
  const half = Math.max(Math.hypot(...eyeToEye) * 2, Math.hypot(...eyeToMouth) * 1.8)
  return transformOf({
    cx: eyes[0] + eyeToMouth[0] * 0.1,
    cy: eyes[1] + eyeToMouth[1] * 0.1,
    size: half * 2,
    angle: Math.atan2(x[1], x[0]),
  })
}

function mean(points: readonly Point[]): Point {
  const sum = points.reduce<Point>(([x, y], [px, py]) => [x + px, y + py], [0, 0])
  return [sum[0] / points.length, sum[1] / points.length]
}
