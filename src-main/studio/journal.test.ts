import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JournalLine } from '../contract/history.ts'
import { Journal } from './journal.ts'
import { parseJournal } from './journal-lines.ts'
import { emptyHistory, testStep } from './testing-documents.ts'

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'))
})
afterAll(() => rm(folder, { recursive: true }))

const lines: JournalLine[] = [
  { kind: 'step', step: testStep(1, 0) },
  { kind: 'step', step: testStep(2, 1) },
  { kind: 'go', to: 1 },
  { kind: 'step', step: testStep(3, 1) },
  { kind: 'snapshots', snapshots: [{ id: 'a', name: 'Smile', step: 2, at: 5 }] },
  { kind: 'picture', step: 3, blob: 'd'.repeat(64) },
  { kind: 'saved', step: 3 },
]
function isWhole(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
async function begun(): Promise<Journal> {
  const journal = new Journal(join(folder, `${count++}.jsonl`))
  await journal.begin(emptyHistory)
  return journal
}

describe('a journal', () => {
  it('tells the history that its lines make', async () => {
    const journal = await begun()
    expect(await journal.append(0, lines.slice(0, 3))).toBe(3)
    expect(await journal.append(3, lines.slice(3))).toBe(7)
    await journal.close()
    const read = await new Journal(journal.path).read()
    expect(read).toMatchObject({ current: 3, saved: 3, snapshots: [{ name: 'Smile' }], pictures: [{ step: 3 }] })
    expect(read.steps.map((step) => [step.id, step.parent])).toStrictEqual([
      [1, 0],
      [2, 1],
      [3, 1],
    ])
  })

  it('keeps lines once that are sent again, and refuses a gap', async () => {
    const journal = await begun()
    await journal.append(0, lines.slice(0, 2))
    expect(await journal.append(0, lines.slice(0, 3))).toBe(3)
    await expect(journal.append(9, lines)).rejects.toMatchObject({ code: 'document.gap' })
    expect((await journal.read()).steps).toHaveLength(2)
  })

  it('loses only what was being written when the machine stopped, wherever that was', async () => {
    const journal = await begun()
    await journal.append(0, lines)
    await journal.close()
    const whole = await readFile(journal.path)
    const first = whole.indexOf(10) + 1
    for (let bytes = first; bytes < whole.length; bytes += 37) {
      await writeFile(journal.path, whole)
      await truncate(journal.path, bytes)
      const complete = whole.subarray(0, bytes).toString().split('\n').filter(isWhole).length - 1
      const again = new Journal(journal.path)
      const read = await again.read()
      expect(read).toStrictEqual(
        parseJournal(
          whole
            .toString()
            .split('\n')
            .slice(0, complete + 1)
            .concat('')
            .join('\n'),
        ).history,
      )
      // It goes on from there.
      await again.append(again.lines, [{ kind: 'go', to: 0 }])
      expect((await again.read()).current).toBe(0)
      await again.close()
    }
  })

  it('stops at a line that does not follow from those before', async () => {
    const journal = await begun()
    await journal.append(0, lines.slice(0, 1))
    await journal.close()
    await appendFile(journal.path, `${JSON.stringify({ kind: 'step', step: testStep(7, 6) })}\n${JSON.stringify(lines[1])}\n`)
    expect((await journal.read()).steps.map((step) => step.id)).toStrictEqual([1])
  })

  it('says so when its beginning cannot be read', async () => {
    const journal = await begun()
    await writeFile(journal.path, '{"format": 1, "root"')
    await expect(journal.read()).rejects.toMatchObject({ code: 'journal.damaged' })
    await rm(journal.path)
    await expect(journal.read()).rejects.toMatchObject({ code: 'journal.missing' })
  })
})
