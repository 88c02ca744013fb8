import { defineStore } from 'pinia'
import { useHost } from '../host/host.ts'
import { useOpening } from './opening.ts'
import { useProjects } from './projects.ts'

/** A file from a dialog, a drop or a paste, told by what it holds: a zip is a project, anything else a photo. */
export const useIncomingFiles = defineStore('incoming', () => {
  const opening = useOpening()
  const projects = useProjects()

  /** @param handle where the page may save a project again */
  async function openFile(file: File, handle?: FileSystemFileHandle): Promise<void> {
    await opening.attempt(file.name, async () => {
      const { sha256, type } = await useHost().upload(file)
      await openBlob({ sha256, type }, file.name, handle)
    })
  }
  async function openBlob(blob: { sha256: string; type: string }, name: string, handle?: FileSystemFileHandle): Promise<void> {
    if (isProject(blob.type, name)) await projects.openBlob(blob.sha256, name, handle && { name, handle })
    else await opening.openBlob(blob.sha256, name)
  }
  return { openFile, openBlob }
})

const isProject = (type: string, name: string) => type === 'application/zip' || /\.stylebridge$/i.test(name)
