import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { BatchRequest } from '../contract/calls.ts'
import type { BatchFile } from './batch-files.ts'

export const BATCH_LOG = 'stylebridge-batch.jsonl'

const lineSchema = z.object({
  batch: z.string(),
  file: z.string(),
  bytes: z.number(),
  modifiedMs: z.number(),
  state: z.enum(['done', 'skipped', 'failed']),
  out: z.string().optional(),
  reason: z.string().optional(),
  seconds: z.number(),
})
export type BatchLine = z.infer<typeof lineSchema>

/** What makes two runs the same batch: everything that shapes a result, and nothing of the photo that the layers were made on. */
export function batchKey({ recipe, options, faces, withoutFace, template }: BatchRequest): string {
  const { layers, groups, composite, quality, pack } = recipe
  const shaping = { layers, groups, composite, quality, pack, options, faces, withoutFace, template }
  return createHash('sha256').update(JSON.stringify(shaping)).digest('hex').slice(0, 16)
}

/**
 * The report of a batch, one JSON line for each photo, in the folder of the results: what a person reads afterwards, and what the next run
 * knows. A line is on disk before the next photo begins; a line that a crash cut short is passed over.
 */
export class BatchLog {
  readonly path: string
  private readonly key: string
  private readonly lines = new Map<string, BatchLine>()

  private constructor(path: string, key: string) {
    this.path = path
    this.key = key
  }

  static async open(out: string, key: string): Promise<BatchLog> {
    const log = new BatchLog(join(out, BATCH_LOG), key)
    const text = await readFile(log.path, 'utf8').catch(() => '')
    for (const raw of text.split('\n')) {
      const line = lineSchema.safeParse(parsed(raw))
      if (line.success && line.data.batch === key) log.lines.set(line.data.file, line.data)
    }
    return log
  }

  /** The line of a photo that needs no second look: done and its result still there, or skipped; and the photo is the same file. */
  async before({ file, bytes, modifiedMs }: BatchFile): Promise<BatchLine | undefined> {
    const line = this.lines.get(file)
    if (line === undefined || line.bytes !== bytes || line.modifiedMs !== modifiedMs || line.state === 'failed') return undefined
    if (line.out === undefined) return line
    return (await stat(line.out).catch(() => undefined)) === undefined ? undefined : line
  }

  async add({ file, bytes, modifiedMs }: BatchFile, what: Omit<BatchLine, 'batch' | 'file' | 'bytes' | 'modifiedMs'>): Promise<void> {
    const line = { batch: this.key, file, bytes, modifiedMs, ...what }
    this.lines.set(file, line)
    await mkdir(join(this.path, '..'), { recursive: true })
    await appendFile(this.path, `${JSON.stringify(line)}\n`, { flush: true })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
