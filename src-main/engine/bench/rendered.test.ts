import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readRendered } from './rendered.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rendered-'))
})
afterEach(() => rm(folder, { recursive: true }))

const attributes = {
  ...{ age: 40, masculinity: 0.5, skin_tone: 5, smile: 0 },
  ...{ hair_style: 'bald', hair_colour: 'red', beard_style: 'none', glasses: 'none', hat: 'none', more: 1 },
}

async function write(pictures: number, side: number, zDim: number): Promise<void> {
  await writeFile(join(folder, '7.jsonl'), `${Array.from({ length: pictures }, () => JSON.stringify(attributes)).join('\n')}\n`)
  await writeFile(
    join(folder, '7.rgb'),
    Uint8Array.from({ length: pictures * side * side * 3 }, (_, i) => [255, 0, 0][i % 3]!),
  )
  await writeFile(join(folder, '7.z'), Buffer.from(new Float32Array(pictures * zDim).fill(0.5).buffer))
}

it('reads pictures with their attributes and z, and resizes them to the pack’s size', async () => {
  await write(3, 8, 4)
  for (const size of [8, 4]) {
    const found = await readRendered(folder, 2, size, 4)
    expect(found).toHaveLength(2)
    expect(found[1]!.image.shape).toEqual([1, 3, size, size])
    found[1]!.image.data.forEach((x, i) => expect(x).toBeCloseTo(i < size * size ? 1 : -1, 4))
    expect([...(found[0]!.z.data as Float32Array)]).toEqual([0.5, 0.5, 0.5, 0.5])
    expect(found[0]!.attributes.hair_colour).toBe('red')
  }
})

it('says when there is nothing, and when files do not fit together', async () => {
  await expect(readRendered(folder, 2, 8, 4)).rejects.toMatchObject({ code: 'evaluate.no-pictures' })
  await write(3, 8, 4)
  await expect(readRendered(folder, 2, 8, 5)).rejects.toMatchObject({ code: 'evaluate.bad-pictures' })
})
