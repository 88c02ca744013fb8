import { newField, sampleLinear, smoothstep } from '../field.ts'
import type { Field } from '../field.ts'
import { ffhqCrop } from '../ffhq.ts'
import { applyTransform, cropSize, invertTransform, transformForRegion } from '../transform.ts'
import type { CropTransform, Point } from '../transform.ts'
import { guidedFilter } from './guided-filter.ts'
import { faceOutlines, mean } from './outlines.ts'
import { polygonMask } from './polygon.ts'
import { takeApart, type Portrait, type PortraitPart } from './portrait.ts'
import { STANDARD_LANDMARKS } from './standard-face.ts'

export type Region = 'face' | 'skin' | 'hair' | 'eyes' | 'mouth' | 'background'

export interface RegionRequest {
  /** The photo in sRGB 0…1 at the mask's size. */
  readonly guide: Field
  readonly photo: { readonly width: number; readonly height: number }
  /** 68 landmarks in photo pixels. */
  readonly landmarks: readonly Point[]
  readonly region: Region
  /** The portrait taken apart, when that was done before. */
  readonly portrait?: () => Portrait
}

/** Takes the portrait around a face apart; the slow part of hair, skin and background, the same for all of them. Landmarks in photo pixels. */
export function portraitOf({ guide, photo, landmarks }: Omit<RegionRequest, 'region' | 'portrait'>): Portrait {
  const points = inGuide(landmarks, guide, photo)
  return takeApart(guide, points, ffhqCrop(points))
}

const inGuide = (landmarks: readonly Point[], guide: Field, photo: RegionRequest['photo']) =>
  landmarks.map(([x, y]): Point => [x * (guide.width / photo.width), y * (guide.height / photo.height)])

/** The mask of one part of a portrait, [H,W,1] in 0…1, of the guide's size; its edges are the photo's. */
export function regionMask(request: RegionRequest): Field {
  const { guide, photo, landmarks, region, portrait = () => portraitOf(request) } = request
  const o = faceOutlines(inGuide(landmarks, guide, photo))
  const polygon = (outline: readonly Point[], grow: number, soft: number) =>
    polygonMask(outline, guide.width, guide.height, { grow: grow * o.eyeDistance, soft: Math.max(1, soft * o.eyeDistance) })
  switch (region) {
    case 'eyes':
      return union(o.eyes.map((eye) => polygon(eye, 0.09, 0.12)))
    case 'mouth':
      return polygon(o.mouth, 0.05, 0.12)
    case 'face':
      return without(polygon(o.face, 0.02, 0.16), [part(guide, portrait(), 'hair')])
    case 'skin': {
      const inside = [
        ...o.eyes.map((eye) => polygon(eye, 0.04, 0.1)),
        ...o.brows.map((brow) => polygon(brow, 0, 0.12)),
        polygon(o.mouth, 0.02, 0.1),
      ]
      return without(part(guide, portrait(), 'skin'), inside)
    }
    case 'hair':
      return part(guide, portrait(), 'hair')
    case 'background':
      return part(guide, portrait(), 'background')
  }
}

/** The landmarks of the face that a crop shows; where the detector found none there, those of a standard face in the crop's square. */
export function portraitLandmarks(faces: readonly (readonly Point[])[], crop: CropTransform): readonly Point[] {
  const centre: Point = [0.5, 0.5]
  const offset = (face: readonly Point[]) => {
    const [u, v] = applyTransform(crop, mean(face.slice(17)))
    return Math.hypot(u - centre[0], v - centre[1])
  }
  const [nearest] = faces.filter((face) => offset(face) < 0.35).toSorted((a, b) => offset(a) - offset(b))
  const inverse = invertTransform(crop)
  return nearest ?? STANDARD_LANDMARKS.map((point) => applyTransform(inverse, point))
}

/** A part of the portrait at the guide's size, its edges drawn along the guide's. What lies outside the head's square is background. */
function part(guide: Field, portrait: Portrait, name: PortraitPart): Field {
  const rough = spread(portrait, name, guide)
  const point = cropSize(portrait.transform) / portrait.parts[name].width
  const radius = Math.max(2, Math.round(point * 2.5))
  const drawn = guidedFilter(guide, rough, { radius, epsilon: 0.0006, shrink: Math.max(1, Math.floor(radius / 4)) })
  return { ...drawn, data: drawn.data.map((x) => smoothstep(0.25, 0.75, x)) }
}

function spread({ transform, parts }: Portrait, name: PortraitPart, guide: Field): Field {
  const square = parts[name]
  const out = newField(guide.width, guide.height, 1)
  const toSquare = transformForRegion(transform, 0, 0, 1)
  const value = new Float32Array(1)
  const outside = name === 'background' ? 1 : 0
  for (let y = 0; y < out.height; y++)
    for (let x = 0; x < out.width; x++) {
      const [u, v] = applyTransform(toSquare, [x + 0.5, y + 0.5])
      sampleLinear(square, u * square.width - 0.5, v * square.height - 0.5, value)
      // Towards the square's border the parts give way to what is outside, but where clothes go on below.
      const margin = Math.min(u, 1 - u, v, name === 'background' ? 1 : 1 - v)
      const inside = smoothstep(0, 0.04, margin) * (v > 1 && name !== 'background' ? 0 : 1)
      out.data[y * out.width + x] = outside + (value[0]! - outside) * inside
    }
  return out
}

function union(fields: readonly Field[]): Field {
  const [first, ...others] = fields
  return { ...first!, data: first!.data.map((x, i) => others.reduce((max, other) => Math.max(max, other.data[i]!), x)) }
}

function without(field: Field, others: readonly Field[]): Field {
  return { ...field, data: field.data.map((x, i) => others.reduce((left, other) => left * (1 - other.data[i]!), x)) }
}
