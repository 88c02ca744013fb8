import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeTinyPack } from '../../engine/bridge/testing.ts'
import { openPack } from '../../engine/packs/pack.ts'

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'align-'))
  await writeTinyPack(join(folder, 'packs', 'tiny'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** `packs align` in a process of its own; `see` gets each line of JSON and may stop it as Ctrl-C does. */
function align(see: (line: Record<string, unknown>, stop: () => void) => void): Promise<{ code: number | null; error: string }> {
  const env = {
    ...process.env,
    ...{ STYLEBRIDGE_PACKS: join(folder, 'packs'), STYLEBRIDGE_CACHE: join(folder, 'cache'), STYLEBRIDGE_DATA: join(folder, 'data') },
    ...{ STYLEBRIDGE_PROVIDER: 'cpu', STYLEBRIDGE_THREADS: '1' },
  }
  const args = [join(import.meta.dirname, 'main.ts'), 'packs', 'align', 'tiny', '--samples', '1200', '--steps', '2', '--json']
  const child = spawn(process.execPath, args, { env })
  let [rest, error] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) see(JSON.parse(line) as Record<string, unknown>, () => child.kill('SIGINT'))
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, error })))
}

it('stopped in the middle it says so and changes nothing; run again it goes on and finishes', async () => {
  // A second Ctrl-C would end the process at once.
  let isAsked = false
  const stopped = await align(({ event, step }, stop) => {
    if (event !== 'progress' || Number(step) <= 1024 || isAsked) return
    isAsked = true
    stop()
  })
  expect([stopped.code, stopped.error]).toEqual([1, expect.stringMatching(/was paused\. Run the same command again to go on/)])
  expect((await openPack(join(folder, 'packs', 'tiny'))).manifest.alignment).toBeUndefined()

  const steps: number[] = []
  const finished = await align(
    ({ event, stage, step }) => event === 'progress' && String(stage).startsWith('samples') && steps.push(Number(step)),
  )
  expect([finished.code, finished.error]).toEqual([0, ''])
  // The first chunk of 1024 was kept.
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(1024)
  expect((await openPack(join(folder, 'packs', 'tiny'))).manifest.alignment).toMatchObject({ samples: 1200 })
})
