import type { Point } from '../transform.ts'

/** Outlines of a face's parts, in the space of the 68 landmarks (iBUG) that they are made of. */
export interface FaceOutlines {
  /** Jaw and forehead up to where hair begins. */
  readonly face: readonly Point[]
  readonly eyes: readonly (readonly Point[])[]
  readonly brows: readonly (readonly Point[])[]
  readonly mouth: readonly Point[]
  /** The distance between the eyes' centres, the measure of everything about a face. */
  readonly eyeDistance: number
  readonly chin: Point
  readonly betweenEyes: Point
  /** Unit vectors of the face's own axes: to its left eye in the picture's right, and upwards. */
  readonly right: Point
  readonly up: Point
  /** Where hair usually begins, over the middle of the brows. */
  readonly hairline: Point
  readonly jawWidth: number
}

/** From the brows, hair begins about as far up as the nose ends below (the rule of thirds), a little less in photographs from the front. */
const FOREHEAD = 0.85
const ARC_POINTS = 13

export function faceOutlines(landmarks: readonly Point[]): FaceOutlines {
  const part = (from: number, to: number) => landmarks.slice(from, to)
  const [leftEye, rightEye] = [part(36, 42), part(42, 48)]
  const [a, b] = [mean(leftEye), mean(rightEye)]
  const betweenEyes = mean([a, b])
  const eyeDistance = Math.hypot(b[0] - a[0], b[1] - a[1])
  const right: Point = [(b[0] - a[0]) / eyeDistance, (b[1] - a[1]) / eyeDistance]
  const up: Point = [right[1], -right[0]]
  const brow = mean(part(17, 27))
  const toNose = along(sub(landmarks[33]!, brow), up)
  const hairline = step(brow, up, -toNose * FOREHEAD)
  const [earLeft, earRight] = [landmarks[0]!, landmarks[16]!]
  const middle = mean([earLeft, earRight])
  const half = along(sub(earRight, earLeft), right) / 2
  const high = along(sub(hairline, middle), up)
  const forehead = Array.from({ length: ARC_POINTS }, (_, i): Point => {
    const angle = ((i + 1) / (ARC_POINTS + 1)) * Math.PI
    return step(step(middle, right, Math.cos(angle) * half), up, Math.sin(angle) * high)
  })
  return {
    face: [...part(0, 17), ...forehead],
    eyes: [leftEye, rightEye],
    brows: [band(part(17, 22), up, eyeDistance * 0.08), band(part(22, 27), up, eyeDistance * 0.08)],
    mouth: part(48, 60),
    eyeDistance,
    chin: landmarks[8]!,
    betweenEyes,
    right,
    up,
    hairline,
    jawWidth: half * 2,
  }
}

const sub = ([ax, ay]: Point, [bx, by]: Point): Point => [ax - bx, ay - by]
const along = ([x, y]: Point, [dx, dy]: Point) => x * dx + y * dy
const step = ([x, y]: Point, [dx, dy]: Point, by: number): Point => [x + dx * by, y + dy * by]

/** A line made as wide as twice `half`. */
const band = (line: readonly Point[], up: Point, half: number): Point[] => [
  ...line.map((point) => step(point, up, half)),
  ...line.toReversed().map((point) => step(point, up, -half)),
]

export function mean(points: readonly Point[]): Point {
  const sum = points.reduce<Point>(([x, y], [px, py]) => [x + px, y + py], [0, 0])
  return [sum[0] / points.length, sum[1] / points.length]
}
