import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { mkdir, rm } from 'node:fs/promises'
import { z } from 'zod'
import { closenessSchema } from '../contract/calls.ts'
import type { InversionQuality } from '../contract/document.ts'
import type { Crop } from '../contract/geometry.ts'
import { StudioError } from '../contract/errors.ts'
import { invert } from '../engine/bridge/inversion.ts'
import { readSafetensors, writeSafetensors } from '../engine/checkpoints/safetensors.ts'
import type { TensorData } from '../engine/onnx/tensor.ts'
import { cropToSquare } from '../engine/photos/crop.ts'
import { requireEditable, type Photo } from '../engine/photos/photo.ts'
import { transformOfCrop } from './crops.ts'
import { Memo } from './memo.ts'
import type { OpenPack } from './packs.ts'

/** Part of every name in the cache: raise it when the way to an inversion changes, and old ones are no longer found. */
const VERSION = 1
const KEPT_IN_MEMORY = 4

/** What the rest of an edit needs to know about the aligned photo. */
export interface StudioInversion {
  readonly method: 'encoder' | 'bridge'
  readonly closeness: z.infer<typeof closenessSchema>
  /** Style-space latent [1,S]. */
  readonly s: TensorData
  /** [1,3,R,R] in [-1,1]: the aligned photo, and G(s). */
  readonly aligned: TensorData
  readonly inverted: TensorData
}

export interface InversionRequest {
  readonly photoId: string
  readonly photo: () => Promise<Photo>
  readonly crop: Crop
  readonly open: OpenPack
  readonly quality: InversionQuality
  readonly signal?: AbortSignal | undefined
}

/** Inversions, made once for each photo, crop, pack and quality, and kept on disk over restarts. */
export class Inversions {
  private readonly folder: string
  private readonly recent = new Memo<StudioInversion>(KEPT_IN_MEMORY)
  private readonly previews = new WeakMap<StudioInversion, Promise<TensorData>>()

  constructor(folder: string) {
    this.folder = folder
  }

  /** Errors: Cancelled, those of decoding and of the networks. */
  get(request: InversionRequest): Promise<StudioInversion> {
    const name = nameOf(request)
    return this.recent.get(name, async () => {
      const file = join(this.folder, `${name}.safetensors`)
      const kept = await readInversion(file)
      if (kept !== undefined) return kept
      const made = await makeInversion(request)
      await mkdir(this.folder, { recursive: true })
      const { s, aligned, inverted, method, closeness } = made
      await writeSafetensors(file, { s, aligned, inverted }, { method, closeness: JSON.stringify(closeness) })
      return made
    })
  }

  /** The inversion's picture at the generator's preview size, which drafts are compared with. */
  preview(inversion: StudioInversion, { models }: OpenPack): Promise<TensorData> {
    const made = this.previews.get(inversion) ?? models.synthesize(inversion.s, { size: 'preview' })
    this.previews.set(inversion, made)
    return made
  }
}

async function makeInversion({ photo, crop, open, quality, signal }: InversionRequest): Promise<StudioInversion> {
  const decoded = await photo()
  requireEditable(decoded)
  if (quality !== 'instant') throw notOffered(quality)
  const aligned = cropToSquare(decoded, transformOfCrop(crop), open.pack.manifest.imageSize)
  const { models, statistics } = open
  const { s, method, closeness, image } = await invert(models, statistics, aligned, quality, signal === undefined ? {} : { signal })
  return { s, method, closeness: { ...closeness, psnr: Math.min(closeness.psnr, 99) }, aligned, inverted: image }
}

const notOffered = (quality: string) =>
  new StudioError('inversion.not-offered', {
    where: 'The inversion',
    what: `the quality "${quality}" is not offered by this version`,
    todo: 'Choose instant.',
  })

function nameOf({ photoId, crop, open, quality }: InversionRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([VERSION, photoId, crop.center, crop.size, crop.angle, open.pack.hash, quality]))
    .digest('hex')
}

const metadataSchema = z.object({ method: z.enum(['encoder', 'bridge']), closeness: z.string() })

/** A file of the cache; one that is missing or unreadable is made anew. */
async function readInversion(file: string): Promise<StudioInversion | undefined> {
  try {
    const opened = await readSafetensors(file)
    try {
      const { method, closeness } = metadataSchema.parse(opened.metadata)
      return {
        method,
        closeness: closenessSchema.parse(JSON.parse(closeness)),
        s: await opened.readFloat32('s'),
        aligned: await opened.readFloat32('aligned'),
        inverted: await opened.readFloat32('inverted'),
      }
    } finally {
      await opened.close()
    }
  } catch {
    await rm(file, { force: true })
    return undefined
  }
}
