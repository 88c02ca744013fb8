import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cpus, hostname, release } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { PROVIDERS, type Provider } from './devices.ts'

const verdictSchema = z.object({
  provider: z.enum(['cuda', 'dml', 'webgpu', 'coreml', 'cpu']),
  label: z.string(),
  /** Whether the runtime's binary for this platform knows the provider. */
  isPresent: z.boolean(),
  /** Whether it ran the probe graph and gave the processor's result. */
  works: z.boolean(),
  /** Relative to the largest value of the processor's result. */
  maxDifference: z.number().optional(),
  /** Milliseconds of a warm run of the probe graph. */
  ms: z.number().optional(),
  /** A sentence for people. */
  reason: z.string(),
})
export type ProviderVerdict = z.infer<typeof verdictSchema>

const cacheSchema = z.object({ key: z.string(), verdicts: z.array(verdictSchema) })
const answerSchema = verdictSchema.omit({ provider: true, label: true })

export interface ProbeOptions {
  /** Where verdicts are kept; they hold for one machine, runtime version and set of driver variables. Without it every call probes. */
  readonly cacheFile?: string
  /** Probe even if verdicts are kept (a new driver, "look again"). */
  readonly fresh?: boolean
  /** The file to run in the throw-away processes; a bundler that moves modules passes its own copy of probe-child. */
  readonly entry?: string
  /** A provider that takes longer does not work. */
  readonly timeoutMs?: number
  readonly platform?: NodeJS.Platform
}

/** A verdict for every provider of this platform, one throw-away process each, one after another. Never throws for a provider's sake. */
export async function probeProviders(options: ProbeOptions = {}): Promise<ProviderVerdict[]> {
  const key = machineKey()
  const kept = options.cacheFile !== undefined && !options.fresh ? await readCache(options.cacheFile, key) : undefined
  if (kept) return kept
  const verdicts: ProviderVerdict[] = []
  for (const p of PROVIDERS) {
    if (p.platforms.includes(options.platform ?? process.platform)) verdicts.push(await probe(p, options))
  }
  if (options.cacheFile !== undefined) await writeCache(options.cacheFile, { key, verdicts })
  return verdicts
}

/** What verdicts depend on, as a hash: nothing of it is shown or sent anywhere. */
function machineKey(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
  const drivers = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'CUDA_VISIBLE_DEVICES', 'LD_LIBRARY_PATH', 'CUDA_PATH'].map(
    (name) => process.env[name] ?? '',
  )
  const parts = [version, process.platform, process.arch, release(), hostname(), cpus()[0]?.model ?? '', ...drivers]
  return createHash('sha256').update(parts.join('\n')).digest('hex')
}

const ownEntry = () => fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './probe-child.ts' : './probe-child.js', import.meta.url))

function probe(p: Provider, { entry = ownEntry(), timeoutMs = 120_000 }: ProbeOptions): Promise<ProviderVerdict> {
  const about = { provider: p.id, label: p.label }
  return new Promise((resolve) => {
    // ELECTRON_RUN_AS_NODE makes Electron's binary a plain Node, and means nothing to Node.
    const child = fork(entry, [p.id], {
      execArgv: [],
      stdio: 'ignore',
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    child.once('message', (message) => {
      const answer = answerSchema.safeParse(message)
      if (answer.success) resolve({ ...about, ...answer.data, reason: explain(p, answer.data.reason) })
    })
    child.once('error', (error) => resolve({ ...about, isPresent: false, works: false, reason: error.message }))
    // Without a message before its end the process was killed by a fault or by the clock; a second resolve does nothing.
    child.once('close', (code, signal) =>
      resolve({ ...about, isPresent: true, works: false, reason: `Its trial ended without a result (${signal ?? `code ${code}`}).` }),
    )
  })
}

function explain(p: Provider, reason: string): string {
  if (/Failed to load shared library|backend not found/.test(reason)) return `Its libraries are missing. ${p.notes}`
  if (/supported adapters|RequestAdapter|Vulkan/i.test(reason)) return `It found no graphics driver to work with. ${p.notes}`
  return reason.trim()
}

async function readCache(file: string, key: string): Promise<ProviderVerdict[] | undefined> {
  try {
    const cache = cacheSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    return cache.key === key ? cache.verdicts : undefined
  } catch {
    // No file, or one that nobody can read any more: probing again is the remedy.
    return undefined
  }
}

async function writeCache(file: string, cache: z.infer<typeof cacheSchema>): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}`
  await writeFile(temporary, JSON.stringify(cache, undefined, 2))
  await rename(temporary, file)
}
