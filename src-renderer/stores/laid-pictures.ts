import { defineStore } from 'pinia'
import { shallowReactive, shallowRef } from 'vue'
import { isImage, shownLayers, type ImageLayer, type Mask, type Recipe } from '../../src-main/contract/document.ts'
import type { Bitmaps } from '../canvas/bitmaps.ts'
import type { LaidPicture } from '../canvas/image-layers.ts'
import { alphaOf, maskedPicture } from '../canvas/masked-picture.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useMixing } from './mixing.ts'

const NONE: readonly LaidPicture[] = []
/** Points a side of a mask for the canvas. */
const MASK_SIDE = 1024

/** Placed pictures ready to draw, for whatever state is shown; one that is still on its way is left out until it is there. */
export const useLaidPictures = defineStore('laid-pictures', () => {
  const document = useDocument()
  const mixing = useMixing()
  /** The canvas's decoded pictures. */
  const bitmaps = shallowRef<Bitmaps>()
  /** Bitmaps by blob, masks by what is done to them. */
  const ready = shallowReactive(new Map<string, ImageBitmap>())
  const masks = shallowReactive(new Map<string, OffscreenCanvas>())
  const asked = new Set<string>()
  const laid = new WeakMap<ImageLayer, { bitmap: ImageBitmap; mask: OffscreenCanvas | undefined; picture: LaidPicture | undefined }>()
  const last = new Map<string, readonly LaidPicture[]>()

  /** Asks once; what failed may be asked again. */
  function ask(key: string, load: () => Promise<void>): void {
    if (asked.has(key)) return
    asked.add(key)
    load().catch(() => asked.delete(key))
  }
  function bitmapOf(layer: ImageLayer): ImageBitmap | undefined {
    const sha256 = mixing.pictureOf(layer.picture)?.preview.sha256
    const source = bitmaps.value
    if (sha256 === undefined || source === undefined) return undefined
    ask(sha256, async () => void ready.set(sha256, await source.get(sha256)))
    return ready.get(sha256)
  }
  function maskOf(mask: Mask, photo: string): OffscreenCanvas | undefined {
    const key = JSON.stringify([photo, mask])
    const source = bitmaps.value
    if (source !== undefined) {
      ask(key, async () => {
        const { blob } = await useHost().client.call('mask.shape', { photo, mask, maxSize: MASK_SIDE })
        masks.set(key, alphaOf(await source.get(blob.sha256)))
      })
    }
    return masks.get(key)
  }
  function one(layer: ImageLayer): LaidPicture[] {
    const photo = document.photo
    const bitmap = bitmapOf(layer)
    if (bitmap === undefined || photo === undefined) return []
    const isMasked = layer.mask?.enabled === true
    const mask = isMasked ? maskOf(layer.mask!, photo.id) : undefined
    if (isMasked && mask === undefined) return []
    const known = laid.get(layer)
    if (known?.bitmap === bitmap && known.mask === mask) return known.picture === undefined ? [] : [known.picture]
    const { center, scale, angle, opacity, blend, picture } = layer
    const whole = { bitmap, width: picture.width, height: picture.height, center, scale, angle, opacity, blend }
    const made = mask === undefined ? whole : maskedPicture(whole, mask, photo)
    laid.set(layer, { bitmap, mask, picture: made })
    return made === undefined ? [] : [made]
  }

  /** The recipe's shown pictures, the lowest first. The same pictures under the same key are the same list, so that what is made of it is made once. */
  function of(key: string, recipe: Recipe | undefined): readonly LaidPicture[] {
    const pictures = recipe === undefined ? NONE : shownLayers(recipe).filter(isImage).toReversed().flatMap(one)
    const before = last.get(key) ?? NONE
    const isSame = pictures.length === before.length && pictures.every((picture, index) => picture === before[index])
    if (!isSame) last.set(key, pictures)
    return isSame ? before : pictures
  }
  return { bitmaps, of }
})
