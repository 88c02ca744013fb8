import { markRaw } from 'vue'
import { Eye } from '@lucide/vue'
import { isEdit, isMix, type Layer, type Recipe } from '../../src-main/contract/document.ts'
import { chooseFile } from '../components/choose-file.ts'
import { layerName } from '../components/layer-name.ts'
import { patchLayer, type DocumentChange } from '../document/edits.ts'
import { donorOfRecipe } from '../document/donors.ts'
import { stepGroup, stepTarget } from '../document/layer-rows.ts'
import {
  duplicateLayers,
  groupLayers,
  mergedText,
  mergeEdits,
  moveGroup,
  moveLayers,
  patchGroup,
  removeLayers,
  splitEdit,
  ungroup,
} from '../document/stack.ts'
import { useHost } from '../host/host.ts'
import { i18n } from '../i18n/i18n.ts'
import { useComparing } from '../stores/comparing.ts'
import { useDocument } from '../stores/document.ts'
import { useLayerClipboard } from '../stores/layer-clipboard.ts'
import { useLayerList } from '../stores/layer-list.ts'
import { useMixing } from '../stores/mixing.ts'
import { newLayerId } from '../document/layer-id.ts'
import { useToasts } from '../stores/toasts.ts'
import { useView } from '../stores/view.ts'
import type { Command } from './command.ts'

const LONGEST_TEXT = 400

/** What is done to the picked layers and groups. */
export function layerCommands(): readonly Command[] {
  const document = useDocument()
  const view = useView()
  const comparing = useComparing()
  const list = useLayerList()
  const clipboard = useLayerClipboard()
  const mixing = useMixing()
  const toasts = useToasts()

  const hasPhoto = () => document.recipe !== undefined
  const hasLayer = () => list.pickedLayers.length > 0
  const ids = () => list.pickedLayers.map((layer) => layer.id)
  /** What a step says: the layer's name, or how many there are. */
  const values = () => {
    const [first, ...others] = list.pickedLayers
    return {
      text: others.length > 0 ? i18n.global.t('layers.count', { count: others.length + 1 }) : first === undefined ? '' : layerName(first),
    }
  }
  const run = (key: string, ...changes: DocumentChange[]) =>
    document.run({ key, values: values() }, (draft) => changes.forEach((change) => change(draft)))
  const edits = (): Layer[] => list.pickedLayers.filter(isEdit)
  const pickedMix = () => (view.selected !== undefined && isMix(view.selected) ? view.selected : undefined)
  /** Several wishes in one text need a comma or an "and"; how many there are the host knows. */
  const mayBeCompound = () => {
    const [only, ...others] = edits()
    return others.length === 0 && only?.kind === 'edit' && /[,;]|\s(?:and|but|&)\s/i.test(only.text)
  }

  function toggle(): void {
    const groups = list.pickedGroups
    const inGroups = new Set(groups.map((group) => group.id))
    const loose = list.pickedLayers.filter((layer) => layer.group === undefined || !inGroups.has(layer.group))
    const visible = ![...groups, ...loose].some((each) => each.visible)
    run('step.visible', ...groups.map(({ id }) => patchGroup(id, { visible })), ...loose.map(({ id }) => patchLayer(id, { visible })))
  }
  function duplicate(): void {
    const pairs = ids().map((id) => ({ id, copy: newLayerId() }))
    const groups = list.pickedGroups.map(({ id }) => ({ id, copy: newLayerId() }))
    run('step.duplicate', duplicateLayers(pairs, groups))
    list.pickLayers(groups.length > 0 ? groups.map(({ copy }) => copy) : pairs.map(({ copy }) => copy))
  }
  function move(by: 1 | -1): void {
    const [group] = list.pickedGroups
    if (group !== undefined) {
      const place = stepGroup({ layers: [...document.layers] }, group.id, by)
      if (place !== undefined) run('step.move', moveGroup(group.id, place))
      return
    }
    const target = stepTarget(list.rows, ids(), by)
    if (target !== undefined) run('step.move', moveLayers(ids(), target.place, target.group))
  }
  function group(): void {
    const id = newLayerId()
    run(
      'step.group',
      groupLayers(ids(), { id, name: i18n.global.t('group.new', { number: (document.recipe?.groups?.length ?? 0) + 1 }), visible: true }),
    )
    list.pick(id)
  }
  function ungroupPicked(): void {
    const members = ids()
    const groups = [...new Set(list.pickedLayers.flatMap((layer) => layer.group ?? []))]
    run('step.ungroup', ungroup(groups))
    list.pickLayers(members)
  }
  async function split(): Promise<void> {
    const [edit] = edits()
    const pack = document.recipe?.pack.id
    if (edit?.kind !== 'edit' || pack === undefined) return
    try {
      const found = await useHost().client.call('edit.split', { pack, text: edit.text })
      if (found.parts.length < 2) return
      const parts = found.parts.map((text, index) => ({ id: index === 0 ? edit.id : newLayerId(), text }))
      document.run({ key: 'step.split', values: { text: edit.text } }, splitEdit(edit.id, parts))
      list.pickLayers(parts.map(({ id }) => id))
    } catch (error) {
      toasts.showError(error, edit.text)
    }
  }
  function merge(): void {
    const [first] = edits()
    run('step.merge', mergeEdits(edits().map((layer) => layer.id)))
    if (first !== undefined) list.pick(first.id)
  }
  /** The variation or snapshot on the canvas, as the document that it would be. */
  function shownRecipe(): Recipe | undefined {
    const { shown } = view
    if (shown.kind !== 'variation' && shown.kind !== 'snapshot') return undefined
    return comparing.recipeOf(shown)
  }
  async function placePicture(): Promise<void> {
    const file = await chooseFile()
    if (file !== undefined) await mixing.place(file)
  }
  async function mixWithPhoto(): Promise<void> {
    const file = await chooseFile()
    const donor = file && (await mixing.donorOfFile(file))
    if (donor !== undefined) mixing.addMix(donor)
  }

  const layer = (id: string, section: number, keys: readonly string[], more: Partial<Command> & Pick<Command, 'run'>): Command => ({
    id: `layer.${id}`,
    group: 'layer',
    section,
    keys,
    isEnabled: hasLayer,
    ...more,
  })
  return [
    layer('mix-seed', 1, ['$mod+Shift+m'], { isEnabled: hasPhoto, run: () => mixing.addMix({ kind: 'seed', seed: mixing.freshSeed() }) }),
    layer('mix-photo', 1, [], { isEnabled: hasPhoto, run: () => void mixWithPhoto() }),
    layer('mix-shown', 1, [], { isEnabled: () => shownRecipe() !== undefined, run: () => mixing.addMix(donorOfRecipe(shownRecipe()!)) }),
    layer('place', 1, ['$mod+Shift+p'], { isEnabled: hasPhoto, run: () => void placePicture() }),
    layer('toggle', 2, ['Shift+h'], { icon: markRaw(Eye), run: toggle }),
    layer('solo', 2, ['Alt+s'], {
      isOn: () => list.solo !== undefined,
      run: () => list.toggleSolo(list.solo ?? list.pickedRows[0]!.id),
    }),
    layer('rename', 2, ['F2'], { run: () => (list.renaming = list.pickedRows.at(-1)?.id) }),
    layer('duplicate', 2, ['$mod+j'], { run: duplicate }),
    layer('delete', 2, ['Delete', 'Backspace'], { run: () => run('step.delete', removeLayers(ids())) }),
    layer('up', 3, ['Alt+ArrowUp', '$mod+BracketRight'], { run: () => move(-1) }),
    layer('down', 3, ['Alt+ArrowDown', '$mod+BracketLeft'], { run: () => move(1) }),
    layer('group', 3, ['$mod+g'], { run: group }),
    layer('ungroup', 3, ['$mod+Shift+g'], {
      isEnabled: () => list.pickedLayers.some((each) => each.group !== undefined),
      run: ungroupPicked,
    }),
    layer('split', 4, [], { isEnabled: mayBeCompound, run: () => void split() }),
    layer('merge', 4, ['$mod+e'], { isEnabled: () => edits().length > 1 && mergedText(edits()).length <= LONGEST_TEXT, run: merge }),
    layer('adaptive', 4, [], { isEnabled: () => pickedMix() !== undefined, run: () => void mixing.adapt(pickedMix()!.id) }),
    layer('copy', 5, ['$mod+Shift+c'], { isEnabled: () => document.layers.length > 0, run: clipboard.copy }),
    layer('paste', 5, ['$mod+Shift+v'], { isEnabled: () => clipboard.canPaste, run: clipboard.paste }),
    layer('paste-previous', 5, ['$mod+Alt+v'], { isEnabled: () => clipboard.canPastePrevious, run: clipboard.pastePrevious }),
    layer('all', 6, ['$mod+a'], { run: list.pickAll }),
    layer('above', 6, ['Alt+BracketRight'], { isHidden: true, run: () => list.walk(-1) }),
    layer('below', 6, ['Alt+BracketLeft'], { isHidden: true, run: () => list.walk(1) }),
  ]
}
