import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { closenessSchema } from '../contract/calls.ts'
import type { InversionQuality } from '../contract/document.ts'
import type { Crop } from '../contract/geometry.ts'
import type { RefineState } from '../engine/bridge/refine.ts'
import { readSafetensors, writeSafetensors } from '../engine/checkpoints/safetensors.ts'
import type { TensorData } from '../engine/onnx/tensor.ts'

/** Part of every name in the cache: raise it when the way to an inversion changes, and old ones are no longer found. */
const VERSION = 2

const methodSchema = z.enum(['encoder', 'bridge', 'refined', 'tuned'])

/** What the rest of an edit needs to know about the aligned photo. */
export interface StudioInversion {
  readonly method: z.infer<typeof methodSchema>
  readonly closeness: z.infer<typeof closenessSchema>
  /** Style-space latent [1,S]. */
  readonly s: TensorData
  /** [1,3,R,R] in [-1,1]: the aligned photo, and G(s). */
  readonly aligned: TensorData
  readonly inverted: TensorData
}

/** Everything that an inversion follows from; of a refined one also how many steps it took. */
export function inversionName(
  photoId: string,
  { center, size, angle }: Crop,
  packHash: string,
  quality: InversionQuality,
  steps?: number,
): string {
  return createHash('sha256')
    .update(JSON.stringify([VERSION, photoId, center, size, angle, packHash, quality, steps ?? 0]))
    .digest('hex')
}

const metadataSchema = z.object({ method: methodSchema, closeness: z.string() })

/** A file of the cache; one that is missing or unreadable is made anew. */
export async function readInversion(file: string): Promise<StudioInversion | undefined> {
  return reading(file, async (opened) => {
    const { method, closeness } = metadataSchema.parse(opened.metadata)
    return {
      method,
      closeness: closenessSchema.parse(JSON.parse(closeness)),
      s: await opened.readFloat32('s'),
      aligned: await opened.readFloat32('aligned'),
      inverted: await opened.readFloat32('inverted'),
    }
  })
}

export async function writeInversion(file: string, { s, aligned, inverted, method, closeness }: StudioInversion): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeSafetensors(file, { s, aligned, inverted }, { method, closeness: JSON.stringify(closeness) })
}

/** Where a refinement was stopped, so that it can go on. */
export function readState(file: string): Promise<RefineState | undefined> {
  return reading(file, async (opened) => {
    const { step } = z.object({ step: z.coerce.number().int().nonnegative() }).parse(opened.metadata)
    const tensors: Record<string, TensorData> = {}
    for (const name of opened.names) tensors[name] = await opened.readFloat32(name)
    return { step, tensors }
  })
}

export async function writeState(file: string, { step, tensors }: RefineState): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeSafetensors(file, { ...tensors }, { step: String(step) })
}

async function reading<T>(file: string, read: (opened: Awaited<ReturnType<typeof readSafetensors>>) => Promise<T>): Promise<T | undefined> {
  try {
    const opened = await readSafetensors(file)
    try {
      return await read(opened)
    } finally {
      await opened.close()
    }
  } catch {
    await rm(file, { force: true })
    return undefined
  }
}
