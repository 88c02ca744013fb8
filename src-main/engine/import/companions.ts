import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readJson } from '../checkpoints/folder.ts'
import type { Checkpoint } from '../checkpoints/open.ts'

/** The settings in a JSON file that lies in a checkpoint's folder or beside its file; undefined if there is none or it is no object. */
export function companion(checkpoint: Checkpoint, name: string): Record<string, unknown> | undefined {
  const file = join(folderOf(checkpoint.path), name)
  if (!existsSync(file)) return undefined
  const json = readJson(file)
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : undefined
}

export const folderOf = (path: string): string => (statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path))
