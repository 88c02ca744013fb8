import { blur, newField, reduce, sampleLinear, smoothstep } from '../field.ts'
import type { Field } from '../field.ts'
import { applyTransform, frameOf, invertTransform, transformForRegion, transformOf } from '../transform.ts'
import type { CropTransform, Point } from '../transform.ts'
import { boxMean } from './box.ts'
import { grow } from './grow.ts'
import { guidedFilter } from './guided-filter.ts'
import { classify } from './mixture.ts'
import { faceOutlines } from './outlines.ts'
import { insideBy } from './polygon.ts'

/** The head with its hair and shoulders: the face's crop, this many times as wide. */
const HEAD = 2
/** The analysis has this many points a side. */
const SIDE = 176

/** How much roughness counts beside colours. */
const ROUGHNESS = 0.4

export const PORTRAIT_PARTS = ['skin', 'hair', 'clothes', 'background'] as const
export type PortraitPart = (typeof PORTRAIT_PARTS)[number]

export interface Portrait {
  /** From the photo to the unit square around the head. */
  readonly transform: CropTransform
  /** Each part's share at each point of that square, [SIDE,SIDE,1]; together 1. */
  readonly parts: Readonly<Record<PortraitPart, Field>>
}

/**
 * Takes a portrait apart by colour and by place around the face. guide: the photo in sRGB 0…1 at any size; landmarks in its points, 68 of
 * them; crop: the face's square, in its points too.
 */
export function takeApart(guide: Field, landmarks: readonly Point[], crop: CropTransform): Portrait {
  const frame = frameOf(crop)
  const transform = transformOf({ ...frame, size: frame.size * HEAD })
  const { colours, texture, isPhoto } = sample(guide, transform)
  const priors = placePriors(landmarks.map((point) => applyTransform(transform, point)))
  for (const prior of priors) for (let i = 0; i < prior.length; i++) if (!isPhoto[i]) prior[i] = 0
  const shares = classify(featuresOf(colours, texture), priors, [3, 4, 4, 5])
  // Points of one colour belong together: filtering each class's share along the picture's edges is cost-volume filtering (Hosni et al., 2013).
  const filtered = shares.map((data) =>
    guidedFilter(colours, { width: SIDE, height: SIDE, channels: 1, data }, { radius: 5, epsilon: 0.0008 }),
  )
  const parts = filtered.map((own) => {
    const out = newField(SIDE, SIDE, 1)
    for (let i = 0; i < out.data.length; i++) {
      const all = filtered.reduce((sum, other) => sum + Math.max(0, other.data[i]!), 0)
      out.data[i] = all > 0 ? Math.max(0, own.data[i]!) / all : 0
    }
    return out
  })
  return { transform, parts: { skin: parts[0]!, hair: parts[1]!, clothes: parts[2]!, background: parts[3]! } }
}

/** What a point looks like: lightness, two colour differences, and how rough it is around it, as strands of hair are and a wall is not. */
function featuresOf(colours: Field, texture: Field): Field {
  const out = newField(SIDE, SIDE, 4)
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [r, g, b] = [colours.data[i * 3]!, colours.data[i * 3 + 1]!, colours.data[i * 3 + 2]!]
    out.data.set([(r + g + b) / 3, r - g, (r + g) / 2 - b, ROUGHNESS * texture.data[i]!], i * 4)
  }
  return out
}

/** The head's square from the guide, the roughness of its surfaces, and which of its points lie in the photo. */
function sample(guide: Field, transform: CropTransform): { colours: Field; texture: Field; isPhoto: Uint8Array } {
  const pointsPerPoint = frameOf(transform).size / SIDE
  const cell = Math.max(1, Math.round(pointsPerPoint))
  const small = reduce(guide, cell)
  const inverse = invertTransform(transformForRegion(transform, 0, 0, 1 / cell))
  const colours = newField(SIDE, SIDE, 3)
  const isPhoto = new Uint8Array(SIDE * SIDE)
  const value = new Float32Array(3)
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [x, y] = applyTransform(inverse, [((i % SIDE) + 0.5) / SIDE, (Math.floor(i / SIDE) + 0.5) / SIDE])
    isPhoto[i] = x >= 0 && y >= 0 && x <= guide.width / cell && y <= guide.height / cell ? 1 : 0
    sampleLinear(small, x - 0.5, y - 0.5, value)
    colours.data.set(value, i * 3)
  }
  return { colours: blur(colours, 0.6), texture: roughness(colours), isPhoto }
}

/** The logarithm of the deviation of lightness within a few points, 0 for a flat surface to about 1 for a hard edge. */
function roughness(colours: Field): Field {
  const moments = newField(SIDE, SIDE, 2)
  for (let i = 0; i < SIDE * SIDE; i++) {
    const light = (colours.data[i * 3]! + colours.data[i * 3 + 1]! + colours.data[i * 3 + 2]!) / 3
    moments.data.set([light, light * light], i * 2)
  }
  const m = boxMean(moments, 2).data
  const out = newField(SIDE, SIDE, 1)
  for (let i = 0; i < out.data.length; i++) {
    const variance = Math.max(0, m[i * 2 + 1]! - m[i * 2]! ** 2)
    // The darker a surface, the smaller its strands' differences.
    const relative = Math.sqrt(variance) / (m[i * 2]! + 0.05)
    out.data[i] = Math.min(1, Math.log1p(relative * 40) / Math.log(17))
  }
  // A flat surface is not rough where it meets another.
  return grow(out, -2)
}

/** Where each part is to be expected, given a face's landmarks in the unit square: weights that need not add up to 1. */
function placePriors(landmarks: readonly Point[]): Float32Array[] {
  const o = faceOutlines(landmarks)
  const d = o.eyeDistance
  const priors = PORTRAIT_PARTS.map(() => new Float32Array(SIDE * SIDE))
  const [skin, hair, clothes, background] = priors as [Float32Array, Float32Array, Float32Array, Float32Array]
  /** In eye distances from between the eyes, along the face's own axes. */
  const own = ([x, y]: Point): Point => {
    const [dx, dy] = [x - o.betweenEyes[0], y - o.betweenEyes[1]]
    return [(dx * o.right[0] + dy * o.right[1]) / d, -(dx * o.up[0] + dy * o.up[1]) / d]
  }
  const top = own(o.hairline)[1]
  const chin = own(o.chin)[1]
  const halfJaw = o.jawWidth / d / 2
  for (let i = 0; i < SIDE * SIDE; i++) {
    const point: Point = [((i % SIDE) + 0.5) / SIDE, (Math.floor(i / SIDE) + 0.5) / SIDE]
    const [x, y] = own(point)
    const inFace = smoothstep(-0.12, 0.12, insideBy(o.face, point) / d)
    // The head with its hair is about a third wider and higher than the face; the radius is 1 on its outline.
    const middle = (top + chin) / 2 - 0.35
    const radius = Math.hypot(x / (halfJaw * 1.3), (y - middle) / ((chin - top) / 2 + 0.45))
    const inHead = 1 - smoothstep(0.92, 1.12, radius)
    const nearHead = 1 - smoothstep(1, 1.9, radius)
    const aboveBrows = 1 - smoothstep(-0.35, 0.1, y)
    const neck =
      smoothstep(chin - 0.3, chin, y) *
      (1 - smoothstep(chin + 0.5, chin + 1.3, y)) *
      (1 - smoothstep(halfJaw * 0.6, halfJaw * 0.9, Math.abs(x)))
    const ears = (1 - smoothstep(0.08, 0.3, Math.abs(Math.abs(x) - halfJaw * 1.05))) * (1 - smoothstep(0.3, 0.8, Math.abs(y - 0.35)))
    // Shoulders widen from the neck down.
    const below = y - chin - 0.25
    const shoulders = smoothstep(-0.1, 0.5, below - Math.max(0, Math.abs(x) - halfJaw) * 0.25)
    skin[i] = Math.max(inFace * (1 - 0.25 * (1 - smoothstep(top, top + 0.55, y))), neck * 0.7, ears * 0.35, 0.01)
    hair[i] = Math.max(
      inHead * (1 - inFace) * (0.35 + 0.6 * aboveBrows),
      nearHead * (1 - inFace) * 0.3,
      (1 - smoothstep(2, 2.8, radius)) * smoothstep(-0.8, 0.6, y) * 0.2,
      inFace * (0.3 * (1 - smoothstep(top, top + 0.7, y)) + 0.015),
      0.01,
    )
    clothes[i] = Math.max(shoulders * 0.9 * (1 - inFace), 0.004)
    background[i] = Math.max(
      smoothstep(0.98, 1.75, radius) * (1 - 0.75 * shoulders) * (1 - neck),
      0.004 + 0.05 * (1 - inFace) * smoothstep(0.8, 1, radius),
    )
  }
  return priors
}
