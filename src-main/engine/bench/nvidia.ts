import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { StudioError } from '../../contract/errors.ts'
import type { Duration } from './clock.ts'

const DRIVER = fileURLToPath(new URL('../../../models/recipe/bench_nvidia.py', import.meta.url))

/** Where NVIDIA's code and a Python with PyTorch are. */
export interface NvidiaCheckout {
  /** Folder of NVlabs/stylegan2-ada-pytorch. */
  readonly folder: string
  readonly python: string
}

/** NVIDIA's synthesis network in a Python process of its own, waiting between runs. */
export interface NvidiaNet {
  /** 'PyTorch 1.13.0' */
  readonly version: string
  /** Computes the image once. */
  run(): Promise<Duration>
  /** Writes the latest image to a file, raw float32. */
  writeImage(file: string): Promise<void>
  close(): Promise<void>
}

/** Starts NVIDIA's code on weights in a safetensors file (see the driver). @throws StudioError `bench.nvidia` if it does not start */
export async function startNvidia(checkout: NvidiaCheckout, weights: string, threads: number): Promise<NvidiaNet> {
  const child = spawn(checkout.python, [DRIVER, checkout.folder, weights, String(threads)], { stdio: ['pipe', 'pipe', 'pipe'] })
  const errors: string[] = []
  child.stderr.on('data', (data: Buffer) => errors.push(data.toString()))
  child.on('error', (error) => errors.push(error.message))
  child.stdin.on('error', (error) => errors.push(error.message))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const line = await lines.next()
    if (!line.done) return line.value
    throw new StudioError('bench.nvidia', {
      where: checkout.folder,
      what: errors.join('').trim().split('\n').at(-1) || 'the Python process ended',
      todo: 'Name a checkout of NVlabs/stylegan2-ada-pytorch and a Python with PyTorch and numpy.',
    })
  }
  const ask = (command: string) => {
    child.stdin.write(`${command}\n`)
    return next()
  }
  return {
    version: await next(),
    run: async () => {
      const [wallMs, cpuMs] = (await ask('run')).split(' ').map(Number)
      return { wallMs: wallMs!, cpuMs: cpuMs! }
    },
    writeImage: async (file) => void (await ask(`image ${file}`)),
    close: async () => {
      if (child.exitCode !== null) return
      const exit = once(child, 'exit')
      child.stdin.end()
      await exit
    },
  }
}
