import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { STORE_VALUE_LIMIT } from '../contract/calls/store.ts'
import type { Handlers } from '../contract/channel.ts'
import { StudioError } from '../contract/errors.ts'
import { writeAtomic } from './files.ts'

type Json = z.infer<ReturnType<typeof z.json>>

/** Settings, prompts and the like: one JSON file a key in `folder`, each written whole. */
export class KeyValues {
  private readonly folder: string
  private readonly keep: (text: string) => Promise<void>
  /** Writes of one key follow one another, so that the last put is the one that stays. */
  private readonly writing = new Map<string, Promise<void>>()

  /** @param keep is told what is put, so that blobs which it names can be kept */
  constructor(folder: string, keep: (text: string) => Promise<void> = () => Promise.resolve()) {
    this.folder = folder
    this.keep = keep
  }

  /** Undefined where nothing was put; a file that is no JSON any more counts as nothing. */
  async get(key: string): Promise<Json | undefined> {
    await this.writing.get(key)?.catch(() => undefined)
    const text = await readFile(this.path(key), 'utf8').catch(() => undefined)
    if (text === undefined) return undefined
    try {
      return z.json().parse(JSON.parse(text))
    } catch {
      return undefined
    }
  }

  /** Error 'store.too-large' past STORE_VALUE_LIMIT. */
  async put(key: string, value: Json): Promise<void> {
    const text = JSON.stringify(value)
    if (text.length > STORE_VALUE_LIMIT) throw tooLarge(key, text.length)
    await this.keep(text)
    const before = this.writing.get(key)?.catch(() => undefined) ?? Promise.resolve()
    const write = before.then(() => writeAtomic(this.path(key), text))
    this.writing.set(key, write)
    await write
  }

  private path(key: string): string {
    return join(this.folder, `${key}.json`)
  }
}

/** The calls of a store that lies in a host's data folder. */
export const storeHandlers = (values: KeyValues): Handlers => ({
  'store.get': async ({ key }) => {
    const value = await values.get(key)
    return value === undefined ? {} : { value }
  },
  'store.put': async ({ key, value }) => {
    await values.put(key, value)
    return {}
  },
})

const tooLarge = (key: string, length: number) =>
  new StudioError('store.too-large', {
    where: key,
    what: `it would take ${(length / 1e6).toFixed(1)} million characters, and ${STORE_VALUE_LIMIT / 1e6} million are kept`,
    todo: 'Remove some of the older entries.',
  })
