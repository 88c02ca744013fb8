import { app, BrowserWindow, dialog } from 'electron'
import { join, resolve } from 'node:path'
import { StudioError } from '../../contract/errors.ts'
import { BLOB_LIMIT, BlobStore } from '../../studio/blobs.ts'
import { argumentPhoto } from '../argument.ts'
import { blobFolders, openData } from '../data.ts'
import { findFolders } from '../folders.ts'
import { serveFromEngine } from '../forward.ts'
import { Supervisor } from '../supervisor.ts'
import { dialogHandlers } from './dialogs.ts'
import { utilityEngine } from './engine-process.ts'
import { setMenu } from './menu.ts'
import { askBeforeClosing, projectFiles } from './project-files.ts'
import { cutChromiumOff, cutSessionOff, pinPage } from './offline.ts'
import { registerScheme, servePage } from './protocol.ts'
import { ORIGIN, pageWires } from './wire.ts'

/** The desktop app: one window on our own page, the engine in a utility process, nothing from outside. */
cutChromiumOff()
registerScheme()
app.enableSandbox()

// macOS hands over files by event, possibly before the app is ready; elsewhere they are arguments.
let photo = app.isPackaged ? process.argv[1] : process.argv[2]
app.on('open-file', (event, path) => {
  event.preventDefault()
  photo = path
  void give?.(path)
})
/** Hands a file to the page, once there is one. */
let give: ((path: string) => Promise<void>) | undefined
app.on('window-all-closed', () => app.quit())
/** The engine is gone and what pages left is on the disk. */
let hasStopped = false

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', (_event, argv, folder) => {
    BrowserWindow.getAllWindows()[0]?.focus()
    const path = argv.slice(app.isPackaged ? 1 : 2).find((each) => !each.startsWith('-'))
    if (path !== undefined) void give?.(resolve(folder, path))
  })
  await app.whenReady()
  await start().catch((thrown: unknown) => {
    dialog.showErrorBox('Stylebridge could not start', StudioError.from(thrown, 'Stylebridge').message)
    app.exit(1)
  })
} else {
  app.quit()
}

async function start(): Promise<void> {
  const env = { ...process.env, ...(app.isPackaged ? { STYLEBRIDGE_RESOURCES: process.resourcesPath } : {}) }
  const folders = findFolders(env)
  const blobs = new BlobStore(...blobFolders(folders))
  await blobs.clean(BLOB_LIMIT)
  const data = openData(folders, blobs)
  const supervisor = new Supervisor({ launch: () => utilityEngine(folders.engineEntry, env) })
  app.on('will-quit', (event) => {
    if (hasStopped) return
    event.preventDefault()
    void Promise.allSettled([supervisor.stop(), data.settled()]).then(() => {
      hasStopped = true
      app.quit()
    })
  })
  cutSessionOff()
  servePage(folders.renderer, blobs)
  setMenu(process.platform)

  const argument = photo === undefined || photo.startsWith('-') ? undefined : await argumentPhoto(photo, blobs)
  const window = newWindow()
  const paths = new Map<string, string>()
  if (argument !== undefined && photo !== undefined) paths.set(argument.blob.sha256, resolve(photo))
  pinPage(window.webContents)
  askBeforeClosing(window)
  pageWires(window.webContents, (wire) => {
    const documents = data.page(projectFiles(window, blobs, paths))
    wire.onClose(() => void documents.close())
    const server = serveFromEngine(wire, supervisor, {
      ...data.store,
      ...documents.handlers,
      ...dialogHandlers(window, blobs, paths),
      'app.info': async (input) => ({ ...(await supervisor.call('app.info', input)), host: 'electron' as const, argument }),
    })
    give = async (path) => {
      try {
        const file = await argumentPhoto(path, blobs)
        paths.set(file.blob.sha256, path)
        server.emit('file.given', file)
      } catch (thrown) {
        server.emit('notice', { kind: 'error', text: StudioError.from(thrown, path).message })
      }
    }
  })
  window.once('ready-to-show', () => window.show())
  await window.loadURL(`${ORIGIN}/`)
}

function newWindow(): BrowserWindow {
  return new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Stylebridge',
    backgroundColor: '#1b1b1b',
    webPreferences: {
      preload: join(import.meta.dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  })
}
