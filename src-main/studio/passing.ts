import type { BlobStore } from './blobs.ts'

/** Blobs that are looked at for a moment: the latest stay on disk, older ones go, unless somebody keeps them. */
export class Passing {
  private readonly blobs: BlobStore
  private readonly limit: number
  private names: string[] = []
  private readonly kept = new Set<string>()

  constructor(blobs: BlobStore, limit: number) {
    this.blobs = blobs
    this.limit = limit
  }

  keep(sha256: string): void {
    this.kept.add(sha256)
  }

  async add(sha256: string): Promise<void> {
    this.names.push(sha256)
    for (const old of this.names.splice(0, Math.max(0, this.names.length - this.limit))) {
      if (!this.kept.has(old) && !this.names.includes(old)) await this.blobs.forget(old)
    }
  }
}
