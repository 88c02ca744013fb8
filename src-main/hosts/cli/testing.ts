import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testPicture, writeAlignedPack } from '../../studio/testing.ts'
import { runCli } from './program.ts'

/** A folder with an aligned pack "tiny" and a photo "holiday.jpg", and commands that run in it. */
export interface Workplace {
  at(name: string): string
  /** Runs a command as a script would, and returns what it wrote. */
  run(...args: string[]): Promise<{ code: number; out: string; error: string; lines: () => Record<string, unknown>[] }>
  remove(): Promise<void>
}

export async function makeWorkplace(): Promise<Workplace> {
  process.env.STYLEBRIDGE_PROVIDER = 'cpu'
  process.env.STYLEBRIDGE_THREADS = '1'
  const folder = await mkdtemp(join(tmpdir(), 'cli-'))
  const at = (name: string) => join(folder, name)
  await writeAlignedPack(at('packs'))
  await writeFile(at('holiday.jpg'), await testPicture('jpeg'))
  const folders = {
    packs: [at('packs')],
    samples: at('samples'),
    renderer: at('page'),
    cache: at('cache'),
    data: at('data'),
    engineEntry: '',
    probeEntry: undefined,
    version: '1.2.3',
  }
  return {
    at,
    run: async (...args) => {
      let [out, error] = ['', '']
      const streams = { out: { write: (text: string) => (out += text) }, error: { write: (text: string) => (error += text) } }
      const code = await runCli(args, streams, folders)
      const lines = () =>
        out
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>)
      return { code, out, error, lines }
    },
    remove: () => rm(folder, { recursive: true }),
  }
}
