import { defineStore } from 'pinia'
import { ref } from 'vue'
import { addEdits, patchLayer } from '../document/edits.ts'
import { newLayerId } from '../document/layer-id.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useEngine } from './engine.ts'
import { usePrompts } from './prompts.ts'
import { useRendering } from './rendering.ts'
import { useThumbnails } from './thumbnails.ts'
import { useToasts } from './toasts.ts'
import { useVariations } from './variations.ts'
import { useView } from './view.ts'

/** From typed words to edit layers, the picture and its variations. */
export const usePrompting = defineStore('prompting', () => {
  const document = useDocument()
  const engine = useEngine()
  const prompts = usePrompts()
  const rendering = useRendering()
  const thumbnails = useThumbnails()
  const toasts = useToasts()
  const variations = useVariations()
  const view = useView()
  const isRunning = ref(false)

  /** "smiling, with red hair": one layer for each part, in one undo step; then the picture, then its variations. */
  async function run(prompt: string): Promise<void> {
    const text = prompt.trim()
    const pack = engine.pack
    if (text === '' || pack === undefined || document.recipe === undefined) return
    isRunning.value = true
    try {
      const { parts } = await useHost().client.call('edit.split', { pack: pack.id, text })
      const edits = (parts.length > 0 ? parts : [text]).map((part) => ({ id: newLayerId(), text: part, neutral: prompts.neutral }))
      view.shown = { kind: 'result' }
      document.run({ key: 'step.edit', values: { text } }, addEdits(edits))
      view.selectedId = edits[0]!.id
      prompts.remember(text, document.recipe.photo.name)
      prompts.text = ''
      await rendering.whenIdle()
      void thumbnails.small().then((picture) => picture !== undefined && prompts.illustrate(text, picture))
      void variations.ask(edits.map(({ id }) => id))
    } catch (error) {
      toasts.showError(error, text)
    } finally {
      isRunning.value = false
    }
  }

  /** A layer's name is its prompt: renaming it edits it. */
  function rename(id: string, text: string): void {
    const trimmed = text.trim()
    if (trimmed !== '')
      document.run({ key: 'step.rename', values: { text: trimmed } }, patchLayer(id, { text: trimmed, variation: undefined }))
  }
  return { isRunning, run, rename }
})
