/** Hands a file to the person: the browser saves it under that name. */
export function download(url: string, name: string): void {
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
}
