/** Asks for one picture file; resolves with nothing when the person changes their mind. */
export function chooseFile(): Promise<File | undefined> {
  const field = document.createElement('input')
  field.type = 'file'
  field.accept = 'image/*,.tif,.tiff,.avif'
  return new Promise((resolve) => {
    field.addEventListener('change', () => resolve(field.files?.[0]))
    field.addEventListener('cancel', () => resolve(undefined))
    field.click()
  })
}
