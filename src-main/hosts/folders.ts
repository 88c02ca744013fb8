import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where a running Stylebridge finds what it ships with and what it may throw away. */
export interface Folders {
  /** Folders that hold packs, one folder a pack; the first holds the built-in one. */
  readonly packs: readonly string[]
  readonly samples: string
  /** The built page. */
  readonly renderer: string
  /** Derived files and blobs; may be deleted at any time while nothing runs. */
  readonly cache: string
  /** What people made: documents, settings. Never deleted by the program without being asked. */
  readonly data: string
  /** What to fork as the engine process. */
  readonly engineEntry: string
  /** What to fork for a provider's probe; undefined where the engine's own module is a file. */
  readonly probeEntry: string | undefined
  readonly version: string
}

/**
 * From the environment: STYLEBRIDGE_PACKS, another folder of packs; STYLEBRIDGE_CACHE and STYLEBRIDGE_DATA, instead of the user's cache and
 * data folders; STYLEBRIDGE_RESOURCES, set by the installed app: the folder of extra resources beside the archive of the code.
 */
export function findFolders(env: NodeJS.ProcessEnv = process.env): Folders {
  const resources = env.STYLEBRIDGE_RESOURCES
  const isSource = import.meta.filename.endsWith('.ts')
  const root = projectRoot(import.meta.dirname)
  const own = env.STYLEBRIDGE_PACKS === undefined ? [] : [resolve(env.STYLEBRIDGE_PACKS)]
  return {
    packs: [join(resources ?? root, 'models'), ...own],
    samples: join(resources ?? root, 'assets/samples'),
    renderer: join(root, 'dist/renderer'),
    cache: env.STYLEBRIDGE_CACHE === undefined ? join(cacheHome(env), 'stylebridge') : resolve(env.STYLEBRIDGE_CACHE),
    data: env.STYLEBRIDGE_DATA === undefined ? join(dataHome(env), 'stylebridge') : resolve(env.STYLEBRIDGE_DATA),
    engineEntry: isSource ? join(root, 'src-main/hosts/engine/main.ts') : join(root, 'dist/main/engine.js'),
    probeEntry: isSource ? undefined : join(root, 'dist/main/probe-child.js'),
    version: (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
  }
}

function projectRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from
  const parent = resolve(from, '..')
  if (parent === from) throw new Error('package.json was not found above the program')
  return projectRoot(parent)
}

function cacheHome(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return env.LOCALAPPDATA ?? join(homedir(), 'AppData/Local')
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches')
  return env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
}

function dataHome(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return env.APPDATA ?? join(homedir(), 'AppData/Roaming')
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support')
  return env.XDG_DATA_HOME ?? join(homedir(), '.local/share')
}
