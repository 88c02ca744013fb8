import { ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useDocument } from '../stores/document.ts'
import { useOpening } from '../stores/opening.ts'
import { useRefining } from '../stores/refining.ts'
import { useRendering } from '../stores/rendering.ts'
import { useVariations } from '../stores/variations.ts'

/** Results for those who do not see them: one polite sentence at a time. */
export function useAnnouncements() {
  const { t } = useI18n()
  const document = useDocument()
  const opening = useOpening()
  const refining = useRefining()
  const rendering = useRendering()
  const variations = useVariations()
  const sentence = ref('')

  watch(
    () => document.photo,
    (photo) => {
      if (photo !== undefined) sentence.value = t('say.opened', { name: photo.name, faces: photo.faces.length })
    },
  )
  watch(
    () => opening.inversion,
    (inversion) => {
      // A refinement has a new one every half second.
      if (inversion !== undefined && !refining.isRunning)
        sentence.value = t('say.inverted', { percent: Math.round(inversion.closeness.percent) })
    },
  )
  watch(
    () => rendering.rendered,
    (rendered) => {
      if (rendered !== undefined && !rendered.isDraft && rendered.recipe.layers.length > 0) sentence.value = t('say.rendered')
    },
  )
  watch(
    () => variations.expected > 0 && variations.list.length === variations.expected,
    (isDone) => {
      if (isDone) sentence.value = t('say.variations', { count: variations.list.length })
    },
  )
  return sentence
}
