import { z } from 'zod'
import { inversionQualitySchema, recipeSchema } from '../document.ts'
import { cropSchema, photoBoxSchema, photoPointSchema } from '../geometry.ts'
import { blobSchema, none, progressSchema, type CallRows } from './common.ts'

export const faceSchema = z.object({ box: photoBoxSchema, score: z.number(), landmarks: z.array(photoPointSchema), crop: cropSchema })
export type Face = z.infer<typeof faceSchema>

export const openedPhotoSchema = z.object({
  /** sha256 of the file: the photo's name everywhere. */
  id: z.string(),
  name: z.string(),
  width: z.number(),
  height: z.number(),
  format: z.string(),
  depth: z.union([z.literal(8), z.literal(16)]),
  /** The colour profile in words: "Display P3". */
  profile: z.string(),
  /** What the canvas shows: upright, in sRGB or, where the photo may hold more, in Display P3; at most 2560 pixels wide or high. */
  preview: blobSchema.extend({ width: z.number(), height: z.number() }),
  faces: z.array(faceSchema),
  /** The crop to start with: the largest face's, or the largest centred square. */
  crop: cropSchema,
  warnings: z.array(z.string()),
  /** A recipe that the file carried from an earlier export. */
  recipe: recipeSchema.optional(),
})
export type OpenedPhoto = z.infer<typeof openedPhotoSchema>

export const closenessSchema = z.object({
  /** Peak signal-to-noise ratio of the inversion against the aligned photo, dB. */
  psnr: z.number(),
  /** Cosine of the two pictures' image embeddings. */
  semantic: z.number(),
  /** 0…100: what the meter shows. */
  percent: z.number(),
})
export const inversionSchema = z.object({
  method: z.enum(['encoder', 'bridge', 'refined', 'tuned']),
  /** Of a refined one. */
  steps: z.number().int().optional(),
  closeness: closenessSchema,
  /** The aligned photo and its inversion, at the generator's size. */
  aligned: blobSchema,
  inverted: blobSchema,
})
export type Inversion = z.infer<typeof inversionSchema>

export const photoCalls = {
  'photo.open': {
    in: z.object({
      source: z.union([z.object({ blob: z.string(), name: z.string() }), z.object({ sample: z.string() })]),
      pack: z.string(),
    }),
    out: openedPhotoSchema,
    progress: progressSchema,
    cancellable: true,
  },
  'photo.crop': {
    in: z.object({ photo: z.string(), crop: cropSchema, pack: z.string() }),
    out: z.object({ aligned: blobSchema }),
    cancellable: true,
  },
  'photo.invert': {
    /** Refined without `steps`: a refinement that somebody watches and may stop; with them the one that was stopped there. */
    in: z.object({
      photo: z.string(),
      crop: cropSchema,
      pack: z.string(),
      quality: inversionQualitySchema,
      steps: z.number().int().min(1).optional(),
    }),
    out: inversionSchema,
    progress: progressSchema.extend({ closeness: closenessSchema.optional(), inverted: blobSchema.optional() }),
    cancellable: true,
  },
  /** Ends the photo's refinement; what it reached is the answer of its call. */
  'photo.invert.stop': { in: z.object({ photo: z.string() }), out: none },
  /** How long refining takes on this machine, in milliseconds, measured. */
  'photo.invert.time': {
    in: z.object({ photo: z.string(), crop: cropSchema, pack: z.string() }),
    out: z.object({ refinedMs: z.number() }),
    cancellable: true,
  },
  /** A part of the upright photo for the screen, at most `maxSize` pixels wide or high, never enlarged: the photo itself where the preview is too coarse. */
  'photo.region': {
    in: z.object({ photo: z.string(), box: photoBoxSchema, maxSize: z.number().int().positive().max(8192) }),
    out: blobSchema.extend({ box: photoBoxSchema }),
    cancellable: true,
  },
  'photo.choose': { in: none, out: z.object({ blob: blobSchema, name: z.string() }).optional() },
} satisfies CallRows
