import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useJournal } from './journal.ts'

/** Keeps a state's small picture with the document, and shows the latest one on the list of recent documents. A picture that is lost costs nothing else. @returns its sha256 */
export async function keepPicture(step: number, picture: globalThis.Blob): Promise<string | undefined> {
  const document = useDocument()
  const journal = useJournal()
  const { photo } = document
  try {
    const { sha256 } = await useHost().upload(new File([picture], 'step.jpg', { type: picture.type }))
    await journal.whenKept()
    const { id } = journal
    if (document.photo !== photo || id === undefined) return undefined
    journal.picture(step, sha256)
    if (step !== document.stepNow) return sha256
    const about = { id, isEdited: document.tree.length > 0, isUnsaved: document.isEdited, thumbnail: sha256 }
    await useHost().client.call('documents.describe', about)
    return sha256
  } catch {
    // The step itself is in the journal; its picture is made again when it is shown again.
    return undefined
  }
}
