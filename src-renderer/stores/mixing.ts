import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { PictureInfo } from '../../src-main/contract/calls.ts'
import type { Donor, ImageLayer, MixLayer } from '../../src-main/contract/document.ts'
import { patchLayer } from '../document/edits.ts'
import { addLayers } from '../document/stack.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useEngine } from './engine.ts'
import { useJobs } from './jobs.ts'
import { useLayerList } from './layer-list.ts'
import { newLayerId } from '../document/layer-id.ts'
import { useToasts } from './toasts.ts'

/** What a mix starts with: half way to the donor's looks, its middle and fine layers, so that the person stays who they are. */
export const FIRST_ALPHA = 0.5
const THUMBNAIL = 192
/** A placed picture takes at most this share of the photo. */
const FIRST_SHARE = 0.4

/** Mix layers with their donors, and pictures laid over the photo. */
export const useMixing = defineStore('mixing', () => {
  const document = useDocument()
  const engine = useEngine()
  const jobs = useJobs()
  const list = useLayerList()
  const toasts = useToasts()
  /** Donors' pictures by pack and donor; an address of the host, or undefined while it is being made. */
  const thumbnails = shallowReactive(new Map<string, string | undefined>())
  /** What the canvas needs of placed pictures, by their sha256. */
  const pictures = shallowReactive(new Map<string, PictureInfo>())
  const asked = new Set<string>()
  let nextSeed = 1

  const keyOf = (donor: Donor) => JSON.stringify([engine.pack?.hash, donor])

  /** The address of a donor's picture; it is made when it is first asked for. */
  function thumbnailOf(donor: Donor): string | undefined {
    const key = keyOf(donor)
    if (!asked.has(key) && engine.pack !== undefined) {
      asked.add(key)
      const host = useHost()
      host.client.call('mix.donor', { pack: engine.pack.id, donor, size: THUMBNAIL }).then(
        ({ thumbnail }) => thumbnails.set(key, host.blobUrl(thumbnail.sha256)),
        () => asked.delete(key),
      )
    }
    return thumbnails.get(key)
  }

  /** A seed that was not used in this session. */
  const freshSeed = (): number => nextSeed++

  /** A new mix layer on top of the stack. */
  function addMix(donor: Donor): void {
    const layers = engine.pack?.styleLayers
    if (layers === undefined || document.recipe === undefined) return
    const id = newLayerId()
    const weights = layers.map(({ resolution }) => (resolution > 8 ? 1 : 0))
    const layer: MixLayer = { id, kind: 'mix', visible: true, donor, alpha: FIRST_ALPHA, weights }
    document.run({ key: 'step.mix' }, addLayers([layer]))
    list.pick(id)
  }
  function setDonor(id: string, donor: Donor): void {
    document.run({ key: 'step.donor' }, patchLayer(id, { donor }))
  }

  /** The face in a picture file as a donor; undefined when it could not be read, which is said. */
  async function donorOfFile(file: File): Promise<Donor | undefined> {
    try {
      const pack = await engine.needPack()
      const blob = await useHost().upload(file)
      const { id, name, crop } = await jobs.track({ key: 'job.donor' }, (signal, onProgress) =>
        useHost().client.call('photo.open', { source: { blob: blob.sha256, name: file.name }, pack: pack.id }, { signal, onProgress }),
      )
      return { kind: 'photo', photo: { id, name }, crop }
    } catch (error) {
      toasts.showError(error, file.name)
      return undefined
    }
  }

  /** Fills a mix layer's weights from the method's adaptive style mixing, as one step. */
  async function adapt(id: string): Promise<void> {
    const recipe = document.recipe
    if (recipe === undefined) return
    try {
      const { weights } = await jobs.track({ key: 'job.adaptive' }, (signal) =>
        useHost().client.call('mix.adaptive', { recipe, layer: id }, { signal }),
      )
      document.run({ key: 'step.adaptive' }, patchLayer(id, { weights }))
    } catch (error) {
      toasts.showError(error, recipe.photo.name)
    }
  }

  /** What the canvas draws of a placed picture; it is fetched when it is first asked for. */
  function pictureOf({ id, name }: ImageLayer['picture']): PictureInfo | undefined {
    if (!pictures.has(id) && !asked.has(id)) {
      asked.add(id)
      void readPicture(id, name).catch((error: unknown) => toasts.showError(error, name))
    }
    return pictures.get(id)
  }
  async function readPicture(id: string, name: string): Promise<PictureInfo> {
    const info = await useHost().client.call('layer.picture', { blob: id, name })
    pictures.set(id, info)
    return info
  }

  /** Lays a picture file over the photo, in its middle or at a point of it. */
  async function place(file: File, at?: readonly [number, number]): Promise<void> {
    const photo = document.photo
    if (photo === undefined) return
    try {
      const { sha256: blob } = await useHost().upload(file)
      const { width, height } = await jobs.track({ key: 'job.picture' }, () => readPicture(blob, file.name))
      const id = newLayerId()
      const layer: ImageLayer = {
        id,
        kind: 'image',
        visible: true,
        picture: { id: blob, name: file.name, width, height },
        center: at === undefined ? [photo.width / 2, photo.height / 2] : [at[0], at[1]],
        scale: Math.min(1, (FIRST_SHARE * photo.width) / width, (FIRST_SHARE * photo.height) / height),
        angle: 0,
        opacity: 1,
        blend: 'normal',
      }
      document.run({ key: 'step.place', values: { text: file.name } }, addLayers([layer]))
      list.pick(id)
    } catch (error) {
      toasts.showError(error, file.name)
    }
  }

  const canPlace = computed(() => document.recipe !== undefined)
  return { thumbnails, pictures, canPlace, thumbnailOf, freshSeed, addMix, setDonor, donorOfFile, adapt, pictureOf, place }
})
