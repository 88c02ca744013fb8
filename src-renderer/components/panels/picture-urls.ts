/** Addresses for pictures that are kept as base64: the page's content security policy allows no data: addresses. */
export class PictureUrls {
  readonly #urls = new Map<string, string>()

  get(base64: string): string | undefined {
    const known = this.#urls.get(base64)
    if (known !== undefined) return known
    try {
      const url = URL.createObjectURL(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]))
      this.#urls.set(base64, url)
      return url
    } catch {
      return undefined
    }
  }

  revoke(): void {
    for (const url of this.#urls.values()) URL.revokeObjectURL(url)
    this.#urls.clear()
  }
}
