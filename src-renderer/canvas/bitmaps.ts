/** Decoded pictures by blob: enough for the photo, its inversion, and the patches that a hand goes back and forth between. */
const MOST = 24

export class Bitmaps {
  readonly #url: (sha256: string) => string
  readonly #loading = new Map<string, Promise<ImageBitmap>>()

  constructor(url: (sha256: string) => string) {
    this.#url = url
  }

  get(sha256: string): Promise<ImageBitmap> {
    const known = this.#loading.get(sha256)
    if (known !== undefined) {
      this.#loading.delete(sha256)
      this.#loading.set(sha256, known)
      return known
    }
    const loading = this.#load(sha256)
    this.#loading.set(sha256, loading)
    loading.catch(() => this.#loading.delete(sha256))
    for (const old of this.#loading.keys()) {
      if (this.#loading.size <= MOST) break
      // Not closed by hand: the canvas may still show it. It goes when nobody does.
      this.#loading.delete(old)
    }
    return loading
  }

  async #load(sha256: string): Promise<ImageBitmap> {
    const response = await fetch(this.#url(sha256))
    if (!response.ok) throw new Error(`blob ${sha256} answered ${response.status}`)
    return createImageBitmap(await response.blob())
  }
}
