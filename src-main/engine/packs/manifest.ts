import { z } from 'zod'
import { StudioError } from '../../contract/errors.ts'
import { clipSchema } from '../nets/clip/architecture.ts'
import { stylegan2Schema } from '../nets/stylegan2/architecture.ts'
import { isSafePath } from './paths.ts'

/** Version of the pack format that this program writes, and the newest that it reads. */
export const packFormat = 1

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 has 64 hexadecimal digits')

/** A weight or data file of the pack, by its path from the pack's folder with forward slashes. */
export const packFileSchema = z.strictObject({ path: z.string().max(200), sha256, bytes: z.int().nonnegative() })
export type PackFile = z.infer<typeof packFileSchema>

export const centerSchema = z.enum(['bank', 'ema', 'batch', 'image', 'text', 'pair'])
export const mixingSchema = z.enum(['gate', 'film', 'mix', 'off'])

/** How the bridge was trained and how well it explains samples that it did not train on. */
export const alignmentSchema = z.strictObject({
  samples: z.int().positive(),
  heldOut: z.int().nonnegative(),
  seed: z.int().nonnegative(),
  steps: z.int().positive(),
  batch: z.int().positive(),
  center: centerSchema,
  mixing: mixingSchema,
  loss: z.strictObject({ trained: z.number(), heldOut: z.number() }),
  /** 1 − squared error ÷ variance on held-out samples: of w, of s (mean over channels), and of each style layer. */
  explainedVariance: z.strictObject({ w: z.number(), s: z.number(), layers: z.record(z.string(), z.number()) }),
  /** rms over channels of B(0) ÷ σ_s: what an empty edit would do if it were not subtracted. */
  bridgeAtZero: z.number(),
  /** Of the run that finished the job; what an interrupted one did before is not in it. */
  seconds: z.number(),
})
export type Alignment = z.infer<typeof alignmentSchema>

/** pack.json: everything about a pack that is not a weight (DESIGN, section 5). */
export const packSchema = z.strictObject({
  format: z.literal(packFormat),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'an id is made of small letters, digits and hyphens'),
  title: z.string().min(1).max(80),
  /** What the pack makes, as it is put into texts: "face". */
  noun: z.string().min(1).max(40),
  /** Sentences that say nothing but the noun; their mean is where every edit starts unless the person names another. */
  neutralTexts: z.array(z.string().min(1).max(200)).min(1),
  suggestions: z.array(
    z.strictObject({ text: z.string().min(1).max(200), group: z.string().max(40).optional(), effect: z.number().optional() }),
  ),
  imageSize: z.int().positive(),
  generator: stylegan2Schema,
  clip: clipSchema,
  /** A convolutional encoder picture → wPlus, as offsets from the generator's mean w. */
  encoder: z.strictObject({ kind: z.literal('convnet'), outputs: z.int().positive() }).optional(),
  /** How a photo is brought to the generator: FFHQ's alignment by eyes and mouth, or a plain square. */
  crop: z.enum(['ffhq', 'square']),
  styleLayout: z.array(
    z.strictObject({
      layer: z.string(),
      resolution: z.int().positive(),
      offset: z.int().nonnegative(),
      channels: z.int().positive(),
      kind: z.enum(['conv', 'toRgb']),
    }),
  ),
  provenance: z.array(z.strictObject({ source: z.string(), sha256: sha256.optional(), note: z.string().optional() })),
  licences: z.array(z.strictObject({ what: z.string(), licence: z.string() })),
  files: z.array(packFileSchema),
  alignment: alignmentSchema.optional(),
  /** Honest words about what the pack cannot do. */
  limits: z.string(),
})
export type PackManifest = z.infer<typeof packSchema>

const getAgain = 'Get the pack again from where it came from.'

/**
 * pack.json's text as a manifest.
 * Errors: pack.not-json, pack.newer-format, pack.bad-manifest (says which field), pack.path-leaves-folder, pack.file-twice,
 * pack.size-mismatch (image size of manifest and generator differ).
 */
export function parseManifest(text: string, where: string): PackManifest {
  const raw = parseJson(text, where)
  const format = typeof raw === 'object' && raw !== null && 'format' in raw ? raw.format : undefined
  if (typeof format === 'number' && format > packFormat)
    throw new StudioError('pack.newer-format', {
      where,
      what: `it has pack format ${format}, this program reads up to ${packFormat}`,
      todo: 'Update Stylebridge, or ask for the pack in the older format.',
    })
  const parsed = packSchema.safeParse(raw)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const field = issue?.path.join('.') || 'pack.json'
    throw new StudioError('pack.bad-manifest', {
      where,
      what: `"${field}" in pack.json is wrong: ${issue?.message ?? 'unreadable'}`,
      todo: getAgain,
    })
  }
  checkFiles(parsed.data, where)
  if (parsed.data.imageSize !== parsed.data.generator.imageSize)
    throw new StudioError('pack.size-mismatch', {
      where,
      what: `it says ${parsed.data.imageSize} pixels, its generator makes ${parsed.data.generator.imageSize}`,
      todo: getAgain,
    })
  return parsed.data
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StudioError('pack.not-json', { where, what: 'its pack.json is not JSON', todo: getAgain }, { cause })
  }
}

function checkFiles({ files }: PackManifest, where: string): void {
  const seen = new Set<string>()
  for (const { path } of files) {
    if (!isSafePath(path))
      throw new StudioError('pack.path-leaves-folder', {
        where,
        what: `it lists the file ${JSON.stringify(path)}, which is not a plain path inside the pack`,
        todo: 'Do not use this pack; get it again from a source that you trust.',
      })
    // Windows and macOS do not tell upper from lower case.
    const folded = path.toLowerCase()
    if (seen.has(folded)) throw new StudioError('pack.file-twice', { where, what: `it lists the file "${path}" twice`, todo: getAgain })
    seen.add(folded)
  }
}
