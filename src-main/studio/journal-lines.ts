import { StudioError } from '../contract/errors.ts'
import { journalLineSchema, storedHistorySchema, type JournalLine, type StoredHistory } from '../contract/history.ts'

/** Reads the lines of a journal up to the first that is torn or does not follow from those before. Error 'journal.damaged' when the first one is. */
export function parseJournal(text: string): { history: StoredHistory; lines: number; isTorn: boolean } {
  const [first, ...rest] = text.split('\n')
  const begun = storedHistorySchema.safeParse(parse(first ?? ''))
  if (!begun.success) throw damaged()
  const fold = new Fold(begun.data)
  let lines = 0
  for (const line of rest) {
    const parsed = journalLineSchema.safeParse(parse(line))
    if (!parsed.success || !fold.add(parsed.data)) break
    lines++
  }
  // A whole journal ends with a line break, after which there is one empty line.
  const isTorn = lines !== rest.length - 1 || rest.at(-1) !== ''
  return { history: fold.result(), lines, isTorn }
}

/** Lines added to a history, each checked against those before. */
class Fold {
  private readonly history: StoredHistory
  private readonly known: Set<number>
  private readonly pictures: Map<number, string>
  private last: number

  constructor(history: StoredHistory) {
    this.history = history
    this.known = new Set([history.root])
    this.last = history.root
    for (const { id, parent } of history.steps) {
      if (!this.known.has(parent) || id <= this.last) throw damaged()
      this.known.add(id)
      this.last = id
    }
    if (!this.known.has(history.current)) throw damaged()
    this.pictures = new Map(history.pictures.map(({ step, blob }) => [step, blob]))
  }

  result(): StoredHistory {
    return { ...this.history, pictures: [...this.pictures].map(([step, blob]) => ({ step, blob })) }
  }

  /** Whether the line follows from the lines before it; if not, nothing is changed. */
  add(line: JournalLine): boolean {
    const { history, known } = this
    switch (line.kind) {
      case 'step':
        if (!known.has(line.step.parent) || line.step.id <= this.last) return false
        history.steps.push(line.step)
        known.add(line.step.id)
        this.last = line.step.id
        history.current = line.step.id
        return true
      case 'go':
        if (!known.has(line.to)) return false
        history.current = line.to
        return true
      case 'snapshots':
        history.snapshots = line.snapshots
        return true
      case 'picture':
        this.pictures.set(line.step, line.blob)
        return true
      case 'saved':
        history.saved = line.step
        return true
      case 'variations':
        history.variations = withGroups(history.variations ?? [], line)
        return true
    }
  }
}

/** A group that is new comes first, one that is known stays in its place. */
function withGroups(
  before: NonNullable<StoredHistory['variations']>,
  { changed, gone }: JournalLine & { kind: 'variations' },
): StoredHistory['variations'] {
  const known = new Set(before.map(({ id }) => id))
  const stays = before.filter(({ id }) => !gone.includes(id)).map((group) => changed.find(({ id }) => id === group.id) ?? group)
  return [...changed.filter(({ id }) => !known.has(id)), ...stays]
}

/** Every sha256 that a text names: what a document needs of pictures, masks and photos, and a few that are none. */
export const namedBlobs = (text: string): Set<string> => new Set(text.match(/\b[0-9a-f]{64}\b/g))

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const damaged = () =>
  new StudioError('journal.damaged', {
    where: 'The document',
    what: 'what was kept of it cannot be read',
    todo: 'Open the photo or its project file again.',
  })
