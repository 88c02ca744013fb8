import { ipcMain, type IpcMainEvent, type WebContents } from 'electron'
import type { Wire } from '../../contract/wire.ts'

export const CHANNEL = 'contract'
export const ORIGIN = 'stylebridge://app'

/**
 * The contract's wires to a window's page: one for each load of the page, since a reload forgets its calls. Messages count only when they come from
 * the main frame of our own page.
 */
export function pageWires(contents: WebContents, onWire: (wire: Wire) => void): void {
  let current = newWire(contents)
  onWire(current.wire)
  const receive = (event: IpcMainEvent, message: unknown) => {
    const { sender, senderFrame } = event
    if (sender === contents && senderFrame === contents.mainFrame && senderFrame.origin === ORIGIN) current.receive(message)
  }
  ipcMain.on(CHANNEL, receive)
  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (!isMainFrame || isSameDocument) return
    current.close()
    current = newWire(contents)
    onWire(current.wire)
  })
  contents.on('destroyed', () => {
    ipcMain.off(CHANNEL, receive)
    current.close()
  })
}

function newWire(contents: WebContents): { wire: Wire; receive: (message: unknown) => void; close: () => void } {
  const receivers: ((message: unknown) => void)[] = []
  const closers: (() => void)[] = []
  let isOpen = true
  return {
    wire: {
      post: (message) => {
        if (isOpen && !contents.isDestroyed()) contents.send(CHANNEL, message)
      },
      onMessage: (receive) => void receivers.push(receive),
      onClose: (closed) => void closers.push(closed),
    },
    receive: (message) => {
      for (const receive of receivers) receive(message)
    },
    close: () => {
      isOpen = false
      for (const closed of closers) closed()
    },
  }
}
