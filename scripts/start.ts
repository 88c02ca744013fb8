import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * `npm start [-- photo.jpg]`: builds the page and opens the studio; in Electron where its binary is there or can be had within
 * seconds, otherwise in the browser host, saying so.
 */
const root = join(import.meta.dirname, '..')
const photos = process.argv.slice(2)

must('vite build --logLevel warn')
const electron = electronBinary()
if (electron) {
  must('vite build --logLevel warn --config vite.electron.config.ts')
  open(electron, ['.', ...photos])
} else {
  console.log('Electron is not here and could not be fetched, so the studio opens in your browser. It is the same program.')
  open(process.execPath, ['src-main/hosts/browser/main.ts', ...photos])
}

function electronBinary(): string | undefined {
  if (process.env.STYLEBRIDGE_HOST === 'browser') return undefined
  const here = installedElectron()
  if (here) return here
  const attempt = spawnSync('npx install-electron', { cwd: root, shell: true, stdio: 'ignore', timeout: 60_000 })
  return attempt.status === 0 ? installedElectron() : undefined
}

/** Where electron's package says that its binary lies; asking the package itself would start a download. */
function installedElectron(): string | undefined {
  const folder = join(createRequire(import.meta.url).resolve('electron/package.json'), '..')
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const binary = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), readFileSync(pathFile, 'utf8'))
  return existsSync(binary) ? binary : undefined
}

function must(command: string): void {
  if (spawnSync(command, { cwd: root, stdio: 'inherit', shell: true }).status !== 0) process.exit(1)
}

function open(program: string, args: string[]): void {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 0))
}
