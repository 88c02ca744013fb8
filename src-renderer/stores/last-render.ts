import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useEngine } from './engine.ts'
import { useJournal } from './journal.ts'
import { useRendering } from './rendering.ts'
import { useThumbnails } from './thumbnails.ts'

/** The whole picture as it was when the document was last saved: what is shown of it where its pack is missing. */
export const useLastRender = defineStore('last-render', () => {
  const document = useDocument()
  const engine = useEngine()
  const journal = useJournal()
  const rendering = useRendering()
  const thumbnails = useThumbnails()
  const kept = shallowRef<{ sha256: string; step: number }>()

  const isPackMissing = computed(() => document.recipe !== undefined && !engine.hasPack(document.recipe.pack.id))

  /** Uploads the picture that the canvas shows, whole and small. */
  async function make(): Promise<{ render?: string; thumbnail?: string }> {
    const { photo } = document
    if (isPackMissing.value || photo === undefined || thumbnails.bitmaps === undefined)
      return kept.value ? { render: kept.value.sha256 } : {}
    const { patch } = rendering
    const [whole, over] = await Promise.all([
      thumbnails.bitmaps.get(photo.preview.sha256),
      patch === undefined ? undefined : thumbnails.bitmaps.get(patch.sha256),
    ])
    const { width, height } = photo.preview
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')!
    context.drawImage(whole, 0, 0, width, height)
    context.scale(width / photo.width, height / photo.height)
    if (patch !== undefined && over !== undefined) context.drawImage(over, patch.box.x, patch.box.y, patch.box.width, patch.box.height)
    const file = new File([await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 })], 'render.jpg')
    const { sha256 } = await useHost().upload(file)
    const thumbnail = journal.pictureOf(document.stepNow)
    return { render: sha256, ...(thumbnail === undefined ? {} : { thumbnail }) }
  }

  /** A document that is opened brings its last picture along. */
  function recall(sha256: string | undefined): void {
    kept.value = sha256 === undefined ? undefined : { sha256, step: document.stepNow }
    if (isPackMissing.value) rendering.showInstead(kept.value?.sha256)
  }

  return { isPackMissing, make, recall }
})
