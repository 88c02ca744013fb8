import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultComposite, newEditLayer, type Recipe } from '../../src-main/contract/document.ts'
import {
  addEdits,
  duplicateLayer,
  moveLayer,
  patchLayer,
  removeLayer,
  replaceLayers,
  setComposite,
  setCrop,
  type DocumentChange,
} from './edits.ts'
import { bail, begin, canRedo, canUndo, commit, goTo, mark, preview, redo, settle, undo, type History } from './history.ts'

const document: Recipe = {
  format: 1,
  pack: { id: 'portraits', hash: 'a' },
  photo: { id: 'b', name: 'holiday.jpg' },
  crop: { center: [100, 80], size: 120, angle: 0 },
  quality: 'instant',
  layers: [newEditLayer('first', 'smiling')],
  composite: defaultComposite,
}
const label = { key: 'step.test' }
const opened = () => begin(document)

/** Ids are drawn from a small set, so that commands often meet a layer that exists, and sometimes one that does not. */
const layerId = fc.constantFrom('first', 'l0', 'l1', 'l2', 'l3')
const change: fc.Arbitrary<DocumentChange> = fc.oneof(
  fc.tuple(layerId, fc.string({ minLength: 1, maxLength: 20 })).map(([id, text]) => addEdits([{ id, text }])),
  fc.tuple(layerId, fc.double({ min: -5, max: 5, noNaN: true })).map(([id, strength]) => patchLayer(id, { strength })),
  fc.tuple(layerId, fc.boolean()).map(([id, visible]) => patchLayer(id, { visible })),
  fc
    .tuple(layerId, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([id, fine]) => patchLayer(id, { ranges: { coarse: 1, middle: 0.5, fine } })),
  layerId.map(removeLayer),
  fc.tuple(layerId, layerId).map(([id, copy]) => duplicateLayer(id, copy)),
  fc.tuple(layerId, fc.integer({ min: -2, max: 9 })).map(([id, place]) => moveLayer(id, place)),
  layerId.map((id) => replaceLayers([newEditLayer(id, 'red hair')])),
  fc.double({ min: 10, max: 500, noNaN: true }).map((size) => setCrop({ center: [50, 60], size, angle: 0.1 })),
  fc.double({ min: 0, max: 0.5, noNaN: true }).map((feather) => setComposite({ feather })),
)
const command = fc.oneof(
  { weight: 6, arbitrary: change.map((each) => (h: History<Recipe>) => commit(h, label, each)) },
  {
    weight: 2,
    arbitrary: fc.array(change, { maxLength: 4 }).map((all) => (h: History<Recipe>) => settle(all.reduce(preview, mark(h, label)))),
  },
  { weight: 1, arbitrary: change.map((each) => (h: History<Recipe>) => bail(preview(mark(h, label), each))) },
  { weight: 1, arbitrary: fc.constant(undo<Recipe>) },
  { weight: 1, arbitrary: fc.constant(redo<Recipe>) },
)

describe('history', () => {
  it('undoes 200 random commands to the identical document and redoes them to the identical result', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 200, maxLength: 200 }), (commands) => {
        const after = goTo(
          commands.reduce((history, run) => run(history), opened()),
          Infinity,
        )
        let walked = after
        while (canUndo(walked)) walked = undo(walked)
        expect(walked.present).toStrictEqual(document)
        while (canRedo(walked)) walked = redo(walked)
        expect(walked.present).toStrictEqual(after.present)
        expect(walked.steps).toBe(after.steps)
      }),
      { seed: 7, numRuns: 20 },
    )
  })

  it('makes one step of a gesture, however many previews it showed', () => {
    let history = mark(opened(), label)
    for (const strength of [1.1, 1.4, 2]) history = preview(history, patchLayer('first', { strength }))
    history = settle(history)
    expect(history.steps).toHaveLength(1)
    expect(history.present.layers[0]).toMatchObject({ strength: 2 })
    expect(undo(history).present).toStrictEqual(document)
  })

  it('bails out of a gesture without a trace, redo included', () => {
    const undone = undo(commit(opened(), label, patchLayer('first', { strength: 2 })))
    const bailed = bail(preview(mark(undone, label), patchLayer('first', { strength: -1 })))
    expect(bailed).toStrictEqual(undone)
    expect(canRedo(bailed)).toBe(true)
  })

  it('leaves no step for a change that changes nothing', () => {
    expect(commit(opened(), label, removeLayer('unknown')).steps).toHaveLength(0)
    expect(commit(opened(), label, setCrop(document.crop)).steps).toHaveLength(0)
  })

  it('drops what was undone once something new is done', () => {
    const two = commit(commit(opened(), label, removeLayer('first')), label, setComposite({ residual: 0.5 }))
    const other = commit(undo(two), label, setComposite({ feather: 0.2 }))
    expect(other.steps.map((step) => step.id)).toStrictEqual([1, 3])
    expect(canRedo(other)).toBe(false)
  })

  it('keeps strengths inside their limits', () => {
    expect(commit(opened(), label, patchLayer('first', { strength: 9 })).present.layers[0]).toMatchObject({ strength: 3 })
  })
})
