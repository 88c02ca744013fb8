import { z } from 'zod'
import { cropSchema } from './geometry.ts'

/** 1 is "as trained"; the sign turns the edit around. */
export const STRENGTH_LIMIT = 3

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const share = z.number().min(0).max(1)

/** Where a layer shows: a grey picture over the whole photo, and what is done to it before use, so that every number can still be turned. */
export const maskSchema = z.object({
  /** sha256 of an 8-bit grey PNG with the photo's proportions, white where the layer shows. */
  bitmap: sha256,
  width: z.number().int().positive().max(8192),
  height: z.number().int().positive().max(8192),
  /** Width of the soft edge, and how far the edge is moved outwards, as shares of the photo's longer side. */
  feather: z.number().min(0).max(0.2),
  grow: z.number().min(-0.1).max(0.1),
  /** How far the soft edge follows the edges of the photo (guided filter). */
  edges: share,
  inverted: z.boolean(),
  enabled: z.boolean(),
})
export type Mask = z.infer<typeof maskSchema>

/** What every layer has. */
const layerBase = {
  id: z.string().min(1).max(64),
  /** The name that a person gave; without one the studio shows the text, the donor or the file. */
  name: z.string().max(200).optional(),
  visible: z.boolean(),
  mask: maskSchema.optional(),
  /** The group that it lies in, one of the recipe's `groups`; a group's layers are neighbours. */
  group: z.string().min(1).max(64).optional(),
}

/** A seed plus how far it may carry the result away from the plain edit (METHOD 2.8, diversity). */
const sampleSchema = z.object({ seed: z.number().int().nonnegative(), amount: share })
/** `more` are further samples added to it: a variation of a variation is a sum like everything else. */
export const variationSchema = sampleSchema.extend({ more: z.array(sampleSchema).max(16).optional() })
export type Variation = z.infer<typeof variationSchema>

/** Weights of the direction in the coarse (4²–8²), middle (16²–32²) and fine (64² and above) style layers. */
export const rangesSchema = z.object({ coarse: share, middle: share, fine: share })

/** An edit as data: a direction named by two texts, and every number that a person can still turn next week. */
export const editLayerSchema = z.object({
  ...layerBase,
  kind: z.literal('edit'),
  text: z.string().min(1).max(400),
  /** The text that the direction starts from; empty means the pack's own neutral texts. */
  neutral: z.string().max(400),
  strength: z.number().min(-STRENGTH_LIMIT).max(STRENGTH_LIMIT),
  /** Share of the direction that is left out, weakest channels first; 'auto' lets the method choose. */
  focus: z.union([z.literal('auto'), share]),
  ranges: rangesSchema,
  variation: variationSchema.optional(),
})
export type EditLayer = z.infer<typeof editLayerSchema>

/** A person's own pixels as the source of a latent: a photo and the face in it. */
const photoSource = { photo: z.object({ id: sha256, name: z.string() }), crop: cropSchema }
const latentDonors = [
  z.object({ kind: z.literal('seed'), seed: z.number().int().nonnegative() }),
  z.object({ kind: z.literal('text'), text: z.string().min(1).max(400) }),
  z.object({ kind: z.literal('photo'), ...photoSource }),
] as const

const mixNumbers = {
  /** The mixing ratio α. */
  alpha: share,
  /** One weight for each of the pack's style layers, in their order; a layer without one is not mixed. */
  weights: z.array(share).min(1).max(64),
}
/** A mix inside a result that is a donor itself: results do not nest further. */
const innerMixSchema = z.object({
  ...layerBase,
  kind: z.literal('mix'),
  donor: z.discriminatedUnion('kind', [...latentDonors]),
  ...mixNumbers,
})

/** Where a mix takes its second latent from. */
export const donorSchema = z.discriminatedUnion('kind', [
  ...latentDonors,
  /** A history entry, a snapshot or a variation: the edits and mixes of one document state, on its own photo. Their masks are not asked. */
  z.object({
    kind: z.literal('result'),
    ...photoSource,
    layers: z.array(z.discriminatedUnion('kind', [editLayerSchema, innerMixSchema])).max(64),
  }),
])
export type Donor = z.infer<typeof donorSchema>

/** Style mixing: s_l ← (1 − α·weight_l)·s_l + α·weight_l·sDonor_l for every style layer l. */
export const mixLayerSchema = z.object({ ...layerBase, kind: z.literal('mix'), donor: donorSchema, ...mixNumbers })
export type MixLayer = z.infer<typeof mixLayerSchema>

export const blendModeSchema = z.enum(['normal', 'multiply', 'screen', 'overlay', 'soft-light'])

/** A picture over the result. */
export const imageLayerSchema = z.object({
  ...layerBase,
  kind: z.literal('image'),
  picture: z.object({ id: sha256, name: z.string(), width: z.number().int().positive(), height: z.number().int().positive() }),
  /** Where its centre lies, in photo pixels; photo pixels per picture pixel; radians, clockwise. */
  center: z.tuple([z.number(), z.number()]),
  scale: z.number().positive().max(1000),
  angle: z.number(),
  opacity: share,
  blend: blendModeSchema,
})
export type ImageLayer = z.infer<typeof imageLayerSchema>

/** The stack's layers, the topmost first. */
export const layerSchema = z.discriminatedUnion('kind', [editLayerSchema, mixLayerSchema, imageLayerSchema])
export type Layer = z.infer<typeof layerSchema>

export const groupSchema = z.object({ id: z.string().min(1).max(64), name: z.string().max(200), visible: z.boolean() })
export type LayerGroup = z.infer<typeof groupSchema>

/** A layer that moves the latent, as opposed to a picture that lies over the result. */
export type LatentLayer = EditLayer | MixLayer

export const isEdit = (layer: Layer): layer is EditLayer => layer.kind === 'edit'
export const isMix = (layer: Layer): layer is MixLayer => layer.kind === 'mix'
export const isImage = (layer: Layer): layer is ImageLayer => layer.kind === 'image'
export const isLatent = (layer: Layer): layer is LatentLayer => layer.kind !== 'image'

/** A new edit layer with the defaults of the studio and the command line. */
export function newEditLayer(id: string, text: string, changes: Partial<EditLayer> = {}): EditLayer {
  return {
    id,
    kind: 'edit',
    text,
    neutral: '',
    strength: 1,
    focus: 'auto',
    ranges: { coarse: 1, middle: 1, fine: 1 },
    visible: true,
    ...changes,
  }
}
