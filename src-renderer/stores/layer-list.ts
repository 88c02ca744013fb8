import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Layer, LayerGroup } from '../../src-main/contract/document.ts'
import { rowsOf, type RowData } from '../document/layer-rows.ts'
import { useDocument } from './document.ts'
import { useView } from './view.ts'

export type PickMode = 'only' | 'toggle' | 'range'

/** The list of layers on the screen: what is picked in it, which groups are folded, what is shown alone. Nothing here is in the document. */
export const useLayerList = defineStore('layer-list', () => {
  const document = useDocument()
  const view = useView()
  /** Picked rows, layers and groups, the last one picked last. */
  const picked = shallowRef<readonly string[]>([])
  const closed = shallowRef<ReadonlySet<string>>(new Set())
  /** The row that is shown without the others. */
  const solo = ref<string>()
  /** The row whose name is being typed. */
  const renaming = ref<string>()

  const stack = computed(() => ({ layers: document.layers, groups: document.recipe?.groups ?? [] }))
  const rows = computed<RowData[]>(() => rowsOf({ layers: [...stack.value.layers], groups: stack.value.groups }, closed.value))
  const pickedRows = computed(() => {
    const found = rows.value.filter((row) => picked.value.includes(row.id))
    if (found.length > 0) return found
    return rows.value.filter((row) => row.id === view.selected?.id)
  })
  /** The picked groups, and the picked layers with those that lie in picked groups, as the list has them. */
  const pickedGroups = computed<LayerGroup[]>(() => pickedRows.value.flatMap((row) => (row.kind === 'group' ? [row.group] : [])))
  const pickedLayers = computed<Layer[]>(() => {
    const groups = pickedGroups.value.map((group) => group.id)
    const ids = pickedRows.value.flatMap((row) => (row.kind === 'layer' ? [row.id] : []))
    return document.layers.filter((layer) => ids.includes(layer.id) || (layer.group !== undefined && groups.includes(layer.group)))
  })

  const isPicked = (id: string) => pickedRows.value.some((row) => row.id === id)
  /** The ids of the layers that solo leaves; undefined without solo. */
  const soloLayers = computed<readonly string[] | undefined>(() => {
    if (solo.value === undefined) return undefined
    const left = document.layers.filter((layer) => layer.id === solo.value || layer.group === solo.value).map((layer) => layer.id)
    return left.length > 0 ? left : undefined
  })

  function pick(id: string, mode: PickMode = 'only'): void {
    if (mode === 'toggle') {
      const now = pickedRows.value.map((row) => row.id)
      const rest = now.filter((other) => other !== id)
      picked.value = now.includes(id) && rest.length > 0 ? rest : [...rest, id]
    } else if (mode === 'range') {
      const all = rows.value.map((row) => row.id)
      const [from, to] = [all.indexOf(pickedRows.value.at(-1)?.id ?? id), all.indexOf(id)].sort((a, b) => a - b)
      picked.value = all.slice(from, to! + 1)
    } else picked.value = [id]
    showFirst()
  }
  function pickLayers(ids: readonly string[]): void {
    picked.value = ids
    showFirst()
  }
  function pickAll(): void {
    pickLayers(rows.value.map((row) => row.id))
  }
  /** To the row above or below. */
  function walk(by: 1 | -1): void {
    const at = rows.value.findIndex((row) => isPicked(row.id))
    const next = rows.value[at + by]
    if (next !== undefined) pick(next.id)
  }
  /** The panels show the last picked layer, or the first of a picked group. */
  function showFirst(): void {
    const row = rows.value.find((each) => each.id === picked.value.at(-1))
    view.selectedId = row?.kind === 'group' ? row.members[0]?.id : row?.id
  }
  function toggleClosed(id: string): void {
    const next = new Set(closed.value)
    if (!next.delete(id)) next.add(id)
    closed.value = next
  }
  function toggleSolo(id: string): void {
    solo.value = solo.value === id ? undefined : id
  }

  // Whoever else selects a layer selects it alone.
  watch(
    () => view.selectedId,
    (id) => {
      if (id !== undefined && !pickedLayers.value.some((layer) => layer.id === id)) picked.value = [id]
    },
    { flush: 'sync' },
  )
  watch(
    () => document.photo,
    () => {
      picked.value = []
      solo.value = undefined
    },
    { flush: 'sync' },
  )

  return {
    picked,
    closed,
    solo,
    renaming,
    rows,
    pickedRows,
    pickedGroups,
    pickedLayers,
    soloLayers,
    isPicked,
    pick,
    pickLayers,
    pickAll,
    walk,
    toggleClosed,
    toggleSolo,
  }
})
