import type { ExportRequest } from '../contract/calls.ts'
import type { Handlers } from '../contract/channel.ts'
import { estimateExport, type ExportEstimate } from '../engine/photos/export-estimate.ts'
import type { BlobStore } from './blobs.ts'
import { planBatch, runBatch } from './batch.ts'
import type { EditParts } from './edits.ts'
import { exportEdit } from './exports.ts'
import { writeInto } from './exports-write.ts'
import { checkpoint } from './photos.ts'
import type { FaceFinder } from './faces.ts'
import type { JobQueue } from './queue.ts'

interface Parts {
  readonly parts: EditParts
  readonly blobs: BlobStore
  readonly queue: JobQueue
  readonly faces: FaceFinder
}

/** Behind everything that a person waits for. */
const BATCH = -1

/** The calls of the export dialog, of "Export again" and of batches. */
export function exportHandlers({ parts, blobs, queue, faces }: Parts): Handlers {
  return {
    'export.render': (input, { signal, progress }) =>
      queue.run({ signal }, async () => {
        const { bytes, name, width, height, warnings } = await exportEdit(parts, input, { signal, progress, blobs })
        return { blob: await blobs.put(bytes), name, width, height, warnings: [...warnings] }
      }),
    'export.estimate': (input, { signal }) =>
      queue.run({ signal, latest: 'export.estimate' }, async () => {
        checkpoint(signal)
        return estimate(parts, input)
      }),
    'export.write': async ({ blob, name, folder, conflict }) => {
      const path = await writeInto(folder, name, conflict, await blobs.read(blob))
      return path === undefined ? {} : { path }
    },
    'batch.plan': (input, { signal }) => planBatch(input, signal),
    // Each photo waits in the queue for itself, so that a hand on a slider does not wait for the whole folder.
    'batch.run': (input, { signal, progress }) =>
      runBatch({ parts, blobs, faces }, input, { signal, progress, turn: (task) => queue.run({ signal, priority: BATCH }, task) }),
  }
}

async function estimate({ desk }: EditParts, request: ExportRequest): Promise<ExportEstimate> {
  const { recipe, format, embedRecipe, ...options } = request
  const photo = await desk.get(recipe.photo.id, recipe.photo.name)
  if (format === 'psd') return estimatePsd(request, photo)
  return estimateExport(photo, photo.pixels, { ...options, format, ...(embedRecipe ? { recipe } : {}) })
}

/** Run-length coding leaves a photograph about as long as it is: the photo, the result, and a square for each layer. */
function estimatePsd({ recipe }: ExportRequest, { width, height }: { readonly width: number; readonly height: number }): ExportEstimate {
  const square = Math.min(width * height, recipe.crop.size ** 2)
  return { bytes: Math.round(3 * (2 * width * height + recipe.layers.length * square)), width, height }
}
