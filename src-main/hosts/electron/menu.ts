import { Menu, type MenuItemConstructorOptions } from 'electron'

/**
 * macOS expects these in its menu bar (without an Edit menu, ⌘C does nothing); commands of the studio are in the page's own menus, which are the
 * only ones elsewhere.
 */
const macMenu: MenuItemConstructorOptions[] = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]

export function setMenu(platform: NodeJS.Platform): void {
  Menu.setApplicationMenu(platform === 'darwin' ? Menu.buildFromTemplate(macMenu) : null)
}
