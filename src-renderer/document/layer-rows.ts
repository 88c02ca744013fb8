import type { Layer, LayerGroup, Recipe } from '../../src-main/contract/document.ts'

export interface LayerRowData {
  readonly kind: 'layer'
  readonly id: string
  readonly layer: Layer
  readonly group: string | undefined
  /** Its place in the document's list. */
  readonly place: number
}
export interface GroupRowData {
  readonly kind: 'group'
  readonly id: string
  readonly group: LayerGroup
  readonly members: readonly Layer[]
  /** The place of its first layer. */
  readonly place: number
  readonly isClosed: boolean
}
export type RowData = LayerRowData | GroupRowData

type Stack = Pick<Recipe, 'layers' | 'groups'>

/** The list as a person sees it: a group's heading above its layers, which a closed group hides. */
export function rowsOf({ layers, groups = [] }: Stack, closed: ReadonlySet<string>): RowData[] {
  const rows: RowData[] = []
  layers.forEach((layer, place) => {
    const group = groups.find((each) => each.id === layer.group)
    if (group !== undefined && layers[place - 1]?.group !== group.id) {
      const members = layers.filter((each) => each.group === group.id)
      rows.push({ kind: 'group', id: group.id, group, members, place, isClosed: closed.has(group.id) })
    }
    if (group === undefined || !closed.has(group.id)) rows.push({ kind: 'layer', id: layer.id, layer, group: group?.id, place })
  })
  return rows
}

/** Where layers go: before the layer that is now at `place`, into a group or out of all. */
export interface Target {
  readonly place: number
  readonly group: string | undefined
}

/** Where a drop on a row's upper or lower half puts layers. */
export function dropTarget(row: RowData, isLower: boolean): Target {
  if (row.kind === 'layer') return { place: row.place + (isLower ? 1 : 0), group: row.group }
  if (!isLower) return { place: row.place, group: undefined }
  return { place: row.isClosed ? row.place + row.members.length : row.place, group: row.id }
}

/**
 * One step up or down for layers that lie together: past a layer, into an open group at its nearer end, out of a group at its border, past a closed
 * group. Undefined at the ends of the list.
 */
export function stepTarget(rows: readonly RowData[], ids: readonly string[], by: 1 | -1): Target | undefined {
  const own = rows.filter((row) => row.kind === 'layer' && ids.includes(row.id)) as LayerRowData[]
  const edge = by < 0 ? own[0] : own.at(-1)
  if (edge === undefined) return undefined
  const next = rows[rows.indexOf(edge) + by]
  const outside = { place: edge.place + (by < 0 ? 0 : 1), group: undefined }
  if (next === undefined) return edge.group === undefined ? undefined : outside
  if (next.kind === 'group') {
    if (next.id === edge.group) return outside
    if (next.isClosed) return { place: next.place + (by < 0 ? 0 : next.members.length), group: undefined }
    return edge.group === undefined ? { place: next.place, group: next.id } : outside
  }
  if (next.group !== edge.group) return edge.group === undefined ? { place: next.place + (by < 0 ? 1 : 0), group: next.group } : outside
  return { place: next.place + (by < 0 ? 0 : 1), group: next.group }
}

/** The place one step up or down for a whole group: past a layer or past another whole group. Undefined at the ends of the list. */
export function stepGroup({ layers }: Stack, id: string, by: 1 | -1): number | undefined {
  const first = layers.findIndex((layer) => layer.group === id)
  const last = layers.findLastIndex((layer) => layer.group === id)
  const next = layers[by < 0 ? first - 1 : last + 1]
  if (first < 0 || next === undefined) return undefined
  const isWith = (layer: Layer) => layer === next || (next.group !== undefined && layer.group === next.group)
  return by < 0 ? layers.findIndex(isWith) : layers.findLastIndex(isWith) + 1
}
