import { z } from 'zod'

const size = z.int().min(1).max(65_536)
const three = z.tuple([z.number(), z.number(), z.number()])

const vitSchema = z
  .object({ kind: z.literal('vit'), size, patch: size, width: size, layers: size, heads: size })
  .superRefine((a, context) => {
    if (a.size % a.patch !== 0) context.addIssue({ code: 'custom', message: 'the image size must be a multiple of the patch' })
    if (a.width % a.heads !== 0) context.addIssue({ code: 'custom', message: 'the width must be a multiple of the heads' })
  })

const resnetSchema = z
  .object({ kind: z.literal('resnet'), size, width: size, layers: z.tuple([size, size, size, size]), heads: size })
  .superRefine((a, context) => {
    if (a.size % 32 !== 0) context.addIssue({ code: 'custom', message: 'the image size must be a multiple of 32' })
    if (a.width % 2 !== 0) context.addIssue({ code: 'custom', message: 'the width must be even' })
    if ((a.width * 32) % a.heads !== 0) context.addIssue({ code: 'custom', message: '32 times the width must be a multiple of the heads' })
  })

const textSchema = z
  .object({ width: size, layers: size, heads: size, context: z.int().min(3).max(4096), vocabulary: z.int().min(3).max(1e6) })
  .superRefine((a, context) => {
    if (a.width % a.heads !== 0) context.addIssue({ code: 'custom', message: 'the width must be a multiple of the heads' })
  })

/** CLIP (arXiv 2103.00020, openai/CLIP) as plain values: a ViT or a modified ResNet for images, a transformer for texts, one embedding space. */
export const clipSchema = z.object({
  /** Length D of an embedding f. */
  embed: size,
  image: z.discriminatedUnion('kind', [vitSchema, resnetSchema]),
  text: textSchema,
  /** Between the dense layers of every block: OpenAI's x·sigmoid(1.702 x) unless it says 'gelu', as most of OpenCLIP's models do. */
  activation: z.enum(['quickGelu', 'gelu']).optional(),
  /** Of the training pictures, in [0,1], for each of R, G, B. */
  mean: three,
  std: three,
})

export type ClipArchitecture = z.infer<typeof clipSchema>
export type ClipActivation = NonNullable<ClipArchitecture['activation']>
export type ImageVit = Extract<ClipArchitecture['image'], { kind: 'vit' }>
export type ImageResnet = Extract<ClipArchitecture['image'], { kind: 'resnet' }>

/** The normalisation of every CLIP that OpenAI published; the built-in pack uses it too. */
export const OPENAI_MEAN: ClipArchitecture['mean'] = [0.48145466, 0.4578275, 0.40821073]
export const OPENAI_STD: ClipArchitecture['std'] = [0.26862954, 0.26130258, 0.27577711]
