import fc from 'fast-check'
import { defaultComposite, newEditLayer, type ImageLayer, type Layer, type Mask, type Recipe } from '../../src-main/contract/document.ts'
import { addEdits, patchLayer, replaceLayers, setComposite, setCrop, type DocumentChange } from './edits.ts'
import { bail, commit, mark, preview, redo, settle, undo, visit, type History } from './history.ts'
import { duplicateLayers, moveLayers, removeLayers } from './stack.ts'

const sha256 = (digit: string) => digit.repeat(64)

export const testDocument: Recipe = {
  format: 1,
  pack: { id: 'portraits', hash: 'a' },
  photo: { id: sha256('b'), name: 'holiday.jpg' },
  crop: { center: [100, 80], size: 120, angle: 0 },
  quality: 'instant',
  layers: [newEditLayer('first', 'smiling')],
  composite: defaultComposite,
}
export const testLabel = { key: 'step.test' }

const mask = (digit: string, feather: number): Mask => ({
  bitmap: sha256(digit),
  width: 60,
  height: 40,
  feather,
  grow: 0.01,
  edges: 0.5,
  inverted: false,
  enabled: true,
})
const picture = (id: string, opacity: number): ImageLayer => ({
  id,
  kind: 'image',
  visible: true,
  picture: { id: sha256('c'), name: 'hat.png', width: 30, height: 20 },
  center: [10, 20],
  scale: 2,
  angle: 0.3,
  opacity,
  blend: 'multiply',
})
const mixed = (id: string, weights: number[]): Layer => ({
  id,
  kind: 'mix',
  visible: true,
  donor: { kind: 'seed', seed: 7 },
  alpha: 0.5,
  weights,
})

/** Numbers of layers and groups are drawn from a small set, so that changes often meet one that exists, and sometimes one that does not. */
const layerId = fc.constantFrom('first', 'l0', 'l1', 'l2', 'l3')
const groupId = fc.constantFrom('g0', 'g1')
const digit = fc.constantFrom('1', '2', '3')
const share = fc.double({ min: 0, max: 1, noNaN: true })

const onLayer =
  (id: string, change: (layer: Layer) => void): DocumentChange =>
  (draft) => {
    const layer = draft.layers.find((each) => each.id === id)
    if (layer !== undefined) change(layer)
  }

/** Changes of every part of a document: layers of all kinds, masks, groups, crop, quality, compositing. */
export const anyChange: fc.Arbitrary<DocumentChange> = fc.oneof(
  fc.tuple(layerId, fc.string({ minLength: 1, maxLength: 20 })).map(([id, text]) => addEdits([{ id, text }])),
  // Adding 0 makes 0 of −0, which JSON does not know.
  fc.tuple(layerId, fc.double({ min: -5, max: 5, noNaN: true })).map(([id, strength]) => patchLayer(id, { strength: strength + 0 })),
  fc.tuple(layerId, fc.boolean()).map(([id, visible]) => patchLayer(id, { visible })),
  fc.tuple(layerId, share).map(([id, fine]) => patchLayer(id, { ranges: { coarse: 1, middle: 0.5, fine } })),
  layerId.map((id) => removeLayers([id])),
  fc.tuple(layerId, layerId).map(([id, copy]) => duplicateLayers([{ id, copy }])),
  fc.tuple(layerId, fc.integer({ min: -2, max: 9 })).map(([id, place]) => moveLayers([id], place)),
  layerId.map((id) => replaceLayers([newEditLayer(id, 'red hair')])),
  fc.double({ min: 10, max: 500, noNaN: true }).map((size) => setCrop({ center: [50, 60], size, angle: 0.1 })),
  fc.double({ min: 0, max: 0.5, noNaN: true }).map((feather) => setComposite({ feather })),
  fc.constantFrom('instant' as const, 'refined' as const).map(
    (quality): DocumentChange =>
      (draft) =>
        void (draft.quality = quality),
  ),
  fc.tuple(layerId, share).map(
    ([id, opacity]): DocumentChange =>
      (draft) =>
        void draft.layers.unshift(picture(id, opacity)),
  ),
  fc.tuple(layerId, share).map(([id, opacity]) => onLayer(id, (layer) => layer.kind === 'image' && (layer.opacity = opacity))),
  fc.tuple(layerId, fc.array(share, { minLength: 3, maxLength: 3 })).map(
    ([id, weights]): DocumentChange =>
      (draft) =>
        void draft.layers.push(mixed(id, weights)),
  ),
  fc
    .tuple(layerId, fc.nat(2), share)
    .map(([id, place, weight]) => onLayer(id, (layer) => layer.kind === 'mix' && (layer.weights[place] = weight))),
  fc.tuple(layerId, digit, share).map(([id, name, feather]) => onLayer(id, (layer) => void (layer.mask = mask(name, feather / 5)))),
  fc.tuple(layerId, fc.boolean()).map(([id, inverted]) => onLayer(id, (layer) => layer.mask && (layer.mask.inverted = inverted))),
  layerId.map((id) => onLayer(id, (layer) => void delete layer.mask)),
  fc.tuple(layerId, groupId).map(([id, group]): DocumentChange => (draft) => {
    draft.groups = [...(draft.groups ?? []).filter((each) => each.id !== group), { id: group, name: 'Hair', visible: true }]
    onLayer(id, (layer) => void (layer.group = group))(draft)
  }),
  groupId.map(
    (group): DocumentChange =>
      (draft) =>
        void draft.groups?.forEach((each) => each.id === group && (each.visible = !each.visible)),
  ),
  fc.constant<DocumentChange>((draft) => {
    delete draft.groups
    for (const layer of draft.layers) delete layer.group
  }),
)

/** What a person does with a document: single changes, gestures, gestures given up, undo, redo, and going anywhere. */
export const anyAction: fc.Arbitrary<(history: History<Recipe>) => History<Recipe>> = fc.oneof(
  { weight: 6, arbitrary: anyChange.map((each) => (h: History<Recipe>) => commit(h, testLabel, each)) },
  {
    weight: 2,
    arbitrary: fc.array(anyChange, { maxLength: 4 }).map((all) => (h: History<Recipe>) => settle(all.reduce(preview, mark(h, testLabel)))),
  },
  { weight: 1, arbitrary: anyChange.map((each) => (h: History<Recipe>) => bail(preview(mark(h, testLabel), each))) },
  { weight: 1, arbitrary: fc.constant(undo<Recipe>) },
  { weight: 1, arbitrary: fc.constant(redo<Recipe>) },
  { weight: 1, arbitrary: fc.nat(120).map((id) => (h: History<Recipe>) => visit(h, id)) },
)
