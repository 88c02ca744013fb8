import { shallowRef } from 'vue'

/** What is printed on this keyboard's keys, by their place; empty where the browser does not tell. */
const printed = shallowRef<ReadonlyMap<string, string>>(new Map())

/** Keys on a board of the United States, for the browsers that do not tell. */
const FALLBACK: Readonly<Record<string, string>> = { BracketLeft: '[', BracketRight: ']' }

interface KeyboardWithLayout {
  getLayoutMap(): Promise<ReadonlyMap<string, string>>
}

/** Asks once at the start; labels that were shown before follow by themselves. */
export async function learnLayout(): Promise<void> {
  const { keyboard } = navigator as { keyboard?: KeyboardWithLayout }
  const map = await keyboard?.getLayoutMap().catch(() => undefined)
  if (map !== undefined) printed.value = map
}

/** The label of a key that is named by its place ("BracketLeft"), or undefined for one that is named by its character. */
export const labelOfPlace = (code: string): string | undefined => {
  const isPlace = Object.hasOwn(FALLBACK, code) || /^(Key[A-Z]|Digit\d)$/.test(code)
  return isPlace ? (printed.value.get(code) ?? FALLBACK[code] ?? code.slice(-1)) : undefined
}
