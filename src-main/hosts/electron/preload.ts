import { contextBridge, ipcRenderer } from 'electron'

/** All that the sandboxed page gets: the contract's wire, and which system it runs on. */
contextBridge.exposeInMainWorld('stylebridge', {
  post: (message: unknown) => ipcRenderer.send('contract', message),
  onMessage: (receive: (message: unknown) => void) => void ipcRenderer.on('contract', (_event, message) => receive(message)),
  platform: process.platform,
})
