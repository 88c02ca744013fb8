import { z } from 'zod'
import { editLayerSchema, inversionQualitySchema, recipeSchema } from './document.ts'
import { cropSchema, photoBoxSchema, photoPointSchema } from './geometry.ts'

/** Pixels and files never travel in messages: a blob is named by its sha256 and fetched from the host's blob address. */
export const blobSchema = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), type: z.string(), bytes: z.number().int().nonnegative() })
export type Blob = z.infer<typeof blobSchema>

export const progressSchema = z.object({ stage: z.string(), step: z.number(), of: z.number() })
export type Progress = z.infer<typeof progressSchema>

export const suggestionSchema = z.object({ text: z.string(), group: z.string().optional(), effect: z.number().optional() })
export type Suggestion = z.infer<typeof suggestionSchema>

export const styleLayerSchema = z.object({
  name: z.string(),
  kind: z.enum(['conv', 'toRgb']),
  resolution: z.number(),
  offset: z.number(),
  channels: z.number(),
})

export const packSummarySchema = z.object({
  id: z.string(),
  hash: z.string(),
  title: z.string(),
  /** What the pack makes: "face". */
  noun: z.string(),
  imageSize: z.number(),
  neutralTexts: z.array(z.string()),
  suggestions: z.array(suggestionSchema),
  styleLayers: z.array(styleLayerSchema),
  /** Honest words about what the pack cannot do. */
  limits: z.string(),
  licences: z.array(z.object({ what: z.string(), licence: z.string() })),
})
export type PackSummary = z.infer<typeof packSummarySchema>

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
  /** What the canvas shows: upright, sRGB, at most 2560 pixels wide or high. */
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
  method: z.enum(['encoder', 'bridge']),
  closeness: closenessSchema,
  /** The aligned photo and its inversion, at the generator's size. */
  aligned: blobSchema,
  inverted: blobSchema,
})
export type Inversion = z.infer<typeof inversionSchema>

const timingsSchema = z.record(z.string(), z.number())

export const renderRequestSchema = recipeSchema.extend({
  /** Longest side of the patch that comes back, in pixels; the export ignores it. */
  maxSize: z.number().int().positive().max(4096),
  /** While a slider moves: the generator's preview output and no colour match. */
  draft: z.boolean(),
})
export type RenderRequest = z.infer<typeof renderRequestSchema>

export const renderedSchema = z.object({
  /** The changed part of the photo, with alpha; absent when no layer changes anything. */
  patch: blobSchema.extend({ box: photoBoxSchema }).optional(),
  /** Milliseconds of every stage, in the order in which they ran. */
  timings: timingsSchema,
  /** Words of the prompts that the pack does not know. */
  unknownWords: z.array(z.string()),
  /** For each layer: how many of how many style channels its direction moves. */
  channels: z.record(z.string(), z.object({ used: z.number(), of: z.number() })),
})
export type Rendered = z.infer<typeof renderedSchema>

export const variationResultSchema = z.object({ index: z.number(), layers: z.array(editLayerSchema), thumbnail: blobSchema })
export type VariationResult = z.infer<typeof variationResultSchema>

export const exportRequestSchema = z.object({
  recipe: recipeSchema,
  format: z.enum(['jpeg', 'png', 'webp', 'avif', 'tiff']),
  quality: z.number().int().min(1).max(100),
  metadata: z.enum(['all', 'all-but-location', 'none']),
  profile: z.enum(['same', 'srgb', 'p3']),
  embedRecipe: z.boolean(),
  aiLabel: z.boolean(),
})
export type ExportRequest = z.infer<typeof exportRequestSchema>

export const deviceSchema = z.object({
  provider: z.string(),
  label: z.string(),
  present: z.boolean(),
  works: z.boolean(),
  /** Why it cannot be used, or how far it is from the CPU's result. */
  note: z.string(),
})
export const engineStatusSchema = z.object({
  phase: z.enum(['starting', 'ready', 'restarting', 'failed']),
  device: deviceSchema.optional(),
  /** Said once when another device than the wanted one runs. */
  fallback: z.string().optional(),
  devices: z.array(deviceSchema),
})
export type EngineStatus = z.infer<typeof engineStatusSchema>

export const sampleSchema = z.object({ name: z.string(), title: z.string(), thumbnail: blobSchema })

const none = z.object({})

/** One row a call. `progress` rows may report many times before they answer; `cancellable` rows end with Cancelled when the caller gives up. */
export const calls = {
  'app.info': {
    in: none,
    out: z.object({
      version: z.string(),
      host: z.enum(['electron', 'browser', 'cli']),
      samples: z.array(sampleSchema),
      argument: z.object({ blob: blobSchema, name: z.string() }).optional(),
    }),
  },
  'engine.status': { in: none, out: engineStatusSchema },
  'packs.list': { in: none, out: z.array(packSummarySchema) },
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
    in: z.object({ photo: z.string(), crop: cropSchema, pack: z.string(), quality: inversionQualitySchema }),
    out: inversionSchema,
    progress: progressSchema,
    cancellable: true,
  },
  'edit.split': {
    in: z.object({ pack: z.string(), text: z.string().max(400) }),
    out: z.object({ parts: z.array(z.string()), unknownWords: z.array(z.string()) }),
  },
  'edit.render': { in: renderRequestSchema, out: renderedSchema, cancellable: true },
  'edit.variations': {
    in: z.object({
      recipe: recipeSchema,
      /** the layers that vary, by id */ vary: z.array(z.string()).min(1),
      count: z.number().int().min(1).max(16),
      seed: z.number().int().nonnegative(),
      size: z.number().int().min(64).max(1024),
    }),
    out: z.object({ variations: z.array(variationResultSchema) }),
    progress: variationResultSchema,
    cancellable: true,
  },
  'export.render': {
    in: exportRequestSchema,
    out: z.object({ blob: blobSchema, name: z.string(), width: z.number(), height: z.number(), warnings: z.array(z.string()) }),
    progress: progressSchema,
    cancellable: true,
  },
  /** Electron asks where to and writes the file; the browser host has no such call and the page downloads the blob. */
  'export.save': { in: z.object({ blob: z.string(), name: z.string() }), out: z.object({ path: z.string().optional() }) },
  'photo.choose': { in: none, out: z.object({ blob: blobSchema, name: z.string() }).optional() },
} satisfies Record<string, { in: z.ZodType; out: z.ZodType; progress?: z.ZodType; cancellable?: boolean }>

export type Calls = typeof calls
export type CallName = keyof Calls
export type CallInput<K extends CallName> = z.input<Calls[K]['in']>
export type CallOutput<K extends CallName> = z.output<Calls[K]['out']>
export type CallProgress<K extends CallName> = Calls[K] extends { progress: infer P extends z.ZodType } ? z.output<P> : never

/** Events announce; nobody answers them. */
export const events = {
  'engine.status': engineStatusSchema,
  /** A thing worth one line: an engine that was restarted, a fallback. */
  notice: z.object({ kind: z.enum(['info', 'warning', 'error']), text: z.string() }),
}
export type Events = typeof events
export type EventName = keyof Events
export type EventData<K extends EventName> = z.output<Events[K]>
