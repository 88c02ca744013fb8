import type { Component } from 'vue'
import { labelOfPlace } from './keyboard-layout.ts'

export type CommandGroup = 'file' | 'edit' | 'layer' | 'view' | 'help'

/** One record that menu, palette, keyboard, tooltips and the sheet of keys all read. Its name is the i18n key `command.<id>`. */
export interface Command {
  readonly id: string
  readonly group: CommandGroup
  /** Lines in a menu stand between sections. */
  readonly section: number
  readonly icon?: Component
  /** tinykeys' notation; the first one is shown. Mnemonics by character, so that they follow the keyboard's layout; [ and ] by place ("BracketLeft").
   *  Two commands may share keys when at most one of them is enabled at a time. */
  readonly keys?: readonly string[]
  /** Works while a text field has the focus; only sensible with a modifier. */
  readonly inText?: boolean
  /** Left out of the menus, still in palette and sheet. */
  readonly isHidden?: boolean
  readonly isEnabled?: () => boolean
  readonly isOn?: () => boolean
  readonly run: () => void
}

/** What a component that holds a file field or a text field does for a command. */
export interface CommandHooks {
  readonly chooseFile: () => void
  readonly focusPrompt: () => void
}

export const isMac = /Mac/.test(navigator.userAgent)

const NAMES: Readonly<Record<string, string>> = {
  $mod: isMac ? '⌘' : 'Ctrl',
  Shift: isMac ? '⇧' : 'Shift',
  Alt: isMac ? '⌥' : 'Alt',
  Escape: 'Esc',
  Delete: isMac ? '⌫' : 'Del',
  Control: isMac ? '⌃' : 'Ctrl',
  Meta: isMac ? '⌘' : 'Win',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}

/** "$mod+Shift+e" as this machine writes it: "Ctrl+Shift+E", "⌘⇧E". */
export function showKeys(keys: string): string {
  const parts = keys.split(/\+(?=.)/).map((key) => {
    const plain = key.replace(/^\[(.+)\]$/, '$1')
    return NAMES[plain] ?? labelOfPlace(plain)?.toUpperCase() ?? (plain.length === 1 ? plain.toUpperCase() : plain)
  })
  return parts.join(isMac ? '' : '+')
}

/** For assistive technology: aria-keyshortcuts wants "Control+Shift+E". */
export const ariaKeys = (keys: string): string =>
  keys
    .replaceAll(/\[\w+\]\+/g, '')
    .replace('$mod', isMac ? 'Meta' : 'Control')
    .replace(/\w+$/, (key) => labelOfPlace(key) ?? key)

/** A prompt with nothing in it has nothing to undo: there the document's own keys work. */
export const isEmptyText = (target: EventTarget | null): boolean => target instanceof HTMLTextAreaElement && target.value === ''

/** Fields in which letters are text. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button', 'file'].includes(target.type)
}
