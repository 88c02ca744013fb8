import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import { z } from 'zod'

const ownerSchema = z.object({ pid: z.number().int().positive(), at: z.number(), key: z.string() })
type Owner = z.infer<typeof ownerSchema>

/** Keys of the locks that this very process holds: its number alone may be that of a program that ended before. */
const held = new Set<string>()

/**
 * Takes a lock file for this process: at most one program works on a document. A lock whose program has ended, or which is older than the machine's
 * start, is taken over. @returns the function that gives it back, or undefined when another program has it
 */
export async function takeLock(path: string): Promise<(() => Promise<void>) | undefined> {
  const mine: Owner = { pid: process.pid, at: Date.now(), key: randomUUID() }
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await create(path, mine)) {
      held.add(mine.key)
      return async () => {
        held.delete(mine.key)
        if ((await ownerOf(path))?.key === mine.key) await rm(path, { force: true })
      }
    }
    const owner = await ownerOf(path)
    if (owner !== undefined && isAlive(owner)) return undefined
    await takeAway(path, owner)
  }
  return undefined
}

/** Whether another program has the lock. */
export async function isLockedElsewhere(path: string): Promise<boolean> {
  const owner = await ownerOf(path)
  return owner !== undefined && owner.pid !== process.pid && isAlive(owner)
}

/** A lock appears with its owner in it: a link is made in one go, and fails where there is one. */
async function create(path: string, owner: Owner): Promise<boolean> {
  const prepared = `${path}.${owner.key}`
  await writeFile(prepared, JSON.stringify(owner))
  try {
    await link(prepared, path)
    return true
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw thrown
  } finally {
    await rm(prepared, { force: true })
  }
}

/** A lock that nobody holds any more is moved aside first: of two programs that want it, one meets no file, and neither removes the other's new one. */
async function takeAway(path: string, stale: Owner | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  const isMoved = await rename(path, aside).then(
    () => true,
    () => false,
  )
  if (!isMoved) return
  const moved = await ownerOf(aside)
  if (moved?.key === stale?.key) await rm(aside, { force: true })
  else await rename(aside, path).catch(() => undefined)
}

async function ownerOf(path: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}

function isAlive({ pid, at, key }: Owner): boolean {
  if (pid === process.pid) return held.has(key)
  // Numbers of processes are given again after a restart of the machine.
  if (at < Date.now() - uptime() * 1000) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}
