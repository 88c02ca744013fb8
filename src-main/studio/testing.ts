import { join } from 'node:path'
import sharp from 'sharp'
import { connect, serve, type Client } from '../contract/channel.ts'
import { memoryWires } from '../contract/wire.ts'
import { alignPack } from '../engine/bridge/align.ts'
import { testDevice, writeTinyPack } from '../engine/bridge/testing.ts'
import { Random } from '../engine/runtime/random.ts'
import { Studio, type StudioOptions } from './studio.ts'

/** Writes an aligned pack "tiny" of 16² pictures into `folder`/tiny: everything works in milliseconds, nothing means anything. */
export async function writeAlignedPack(folder: string): Promise<void> {
  await alignPack(await writeTinyPack(join(folder, 'tiny')), testDevice, {
    workDir: join(folder, '.work'),
    samples: 64,
    seed: 3,
    threads: 1,
    trunk: { depth: 2, width: 16 },
    training: { steps: 20, batch: 16, lookEvery: 10 },
  })
}

/** A studio over the packs and samples in `folder`, on the processor, with a client of its contract; `changes` for a cache of its own or a listener. */
export function startTestStudio(folder: string, changes: Partial<StudioOptions> = {}): { studio: Studio; client: Client } {
  const studio = new Studio({
    version: '0',
    packs: [join(folder, 'packs')],
    samples: join(folder, 'samples'),
    cache: join(folder, 'cache'),
    device: async () => testDevice,
    status: () => ({ phase: 'ready', devices: [] }),
    notice: () => undefined,
    threads: 1,
    ...changes,
  })
  const { near, far } = memoryWires()
  serve(far, studio.handlers())
  return { studio, client: connect(near) }
}

/** A seeded picture of soft colours, as a file. */
export async function testPicture(format: 'jpeg' | 'png', { width = 96, height = 64, seed = 1 } = {}): Promise<Uint8Array> {
  const coarse = Uint8Array.from(new Random(seed).normals(6 * 4 * 3), (x) => Math.min(255, Math.max(0, 128 + 50 * x)))
  const small = sharp(coarse, { raw: { width: 6, height: 4, channels: 3 } })
  return small.resize(width, height, { fit: 'fill', kernel: 'cubic' }).toFormat(format).toBuffer()
}
