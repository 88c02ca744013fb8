import { useI18n } from 'vue-i18n'
import { useDocument } from '../stores/document.ts'
import { useVariations } from '../stores/variations.ts'
import type { Shown } from '../stores/view.ts'

/** What a picture is called wherever it is named: on the canvas, in the filmstrip, in menus. */
export function useNames() {
  const { t } = useI18n()
  const document = useDocument()
  const variations = useVariations()

  function nameOf(shown: Shown): string {
    if (shown.kind === 'snapshot') return document.snapshots.find(({ id }) => id === shown.id)?.name ?? t('film.gone')
    if (shown.kind !== 'variation') return t(`film.${shown.kind}`)
    const found = variations.find(shown.id)
    return found === undefined ? t('film.gone') : t('film.variation', { number: found.result.index + 1 })
  }
  return { nameOf }
}
