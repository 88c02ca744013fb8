import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { z } from 'zod'
import type { Blob, sampleSchema } from '../contract/calls.ts'
import { StudioError } from '../contract/errors.ts'
import type { BlobStore } from './blobs.ts'

export type Sample = z.infer<typeof sampleSchema>

const THUMBNAIL_SIDE = 320

/** The photos that come with Stylebridge. */
export class Samples {
  private readonly folder: string
  private readonly blobs: BlobStore
  private listed: Promise<Sample[]> | undefined

  constructor(folder: string, blobs: BlobStore) {
    this.folder = folder
    this.blobs = blobs
  }

  /** In the order of their names; thumbnails are made on first use. */
  list(): Promise<Sample[]> {
    this.listed ??= this.make()
    return this.listed
  }

  /** A sample as a blob, to be opened like any photo. Error 'sample.unknown'. */
  async open(name: string): Promise<{ blob: Blob; name: string }> {
    if (!(await this.names()).includes(name)) {
      throw new StudioError('sample.unknown', { where: name, what: 'there is no such sample', todo: 'Choose one from the start screen.' })
    }
    return { blob: await this.blobs.put(await readFile(join(this.folder, name))), name }
  }

  private async make(): Promise<Sample[]> {
    return Promise.all(
      (await this.names()).map(async (name) => {
        const small = sharp(join(this.folder, name)).resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'cover', position: 'attention' })
        return { name, title: titleOf(name), thumbnail: await this.blobs.put(await small.webp({ quality: 85 }).toBuffer()) }
      }),
    )
  }

  private async names(): Promise<string[]> {
    const files = await readdir(this.folder).catch(() => [])
    return files.filter((file) => /\.(jpe?g|png|webp)$/i.test(file)).sort()
  }
}

/** "red-scarf.jpg" is "Red scarf". */
function titleOf(file: string): string {
  const words = file.replace(/\.\w+$/, '').replace(/[-_]+/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
