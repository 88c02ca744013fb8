import { donorSchema, type Donor } from '../../src-main/contract/document.ts'

/** What a dragged result carries: a donor as JSON, read back through its schema. */
const TYPE = 'application/x-stylebridge-donor'

/** Lets a dragged variation, snapshot or history entry be dropped on a strip. */
export function carryDonor(event: DragEvent, donor: Donor | undefined): void {
  if (donor === undefined || event.dataTransfer === null) return
  event.dataTransfer.setData(TYPE, JSON.stringify(donor))
  event.dataTransfer.effectAllowed = 'copy'
}

/** Whether what hovers could be a donor: its contents are hidden until it is dropped. */
export const mayBeDonor = (event: DragEvent): boolean =>
  event.dataTransfer !== null && (event.dataTransfer.types.includes(TYPE) || event.dataTransfer.types.includes('Files'))

export function droppedDonor(event: DragEvent): Donor | undefined {
  try {
    const parsed = donorSchema.safeParse(JSON.parse(event.dataTransfer?.getData(TYPE) ?? ''))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}
