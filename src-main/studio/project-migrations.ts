import { StudioError } from '../contract/errors.ts'

/** The format that is written. Raise it when an older program could not read what is written now, and add how the one before becomes it. */
export const PROJECT_FORMAT = 1

/** The three texts of a project file, parsed but not yet believed. */
export interface RawProject {
  readonly manifest: unknown
  readonly history: unknown
  readonly recipe: unknown
}

/** How a project of format n becomes one of format n + 1, by n. Format 1 is the first. */
export type Migrations = Readonly<Record<number, (project: RawProject) => RawProject>>
const migrations: Migrations = {}

/** Error 'project.newer' for what only a newer program can read. */
export function requireKnownFormat(manifest: unknown, where: string): void {
  const format = formatOf(manifest)
  if (format === undefined || format <= PROJECT_FORMAT) return
  throw new StudioError('project.newer', {
    where,
    what: `a newer Stylebridge made it (format ${format}; this one knows ${PROJECT_FORMAT})`,
    todo: 'Open it with that version.',
  })
}

/** A project in today's format. What names no format stays as it is, and is refused by its schema. */
export function migrate(
  project: RawProject,
  { to = PROJECT_FORMAT, steps = migrations }: { to?: number; steps?: Migrations } = {},
): RawProject & { isMigrated: boolean } {
  const format = formatOf(project.manifest)
  if (format === undefined) return { ...project, isMigrated: false }
  let current = project
  for (let at = format; at < to; at++) current = steps[at]?.(current) ?? current
  return { ...current, isMigrated: format < to }
}

function formatOf(manifest: unknown): number | undefined {
  const format = typeof manifest === 'object' && manifest !== null && 'format' in manifest ? manifest.format : undefined
  return typeof format === 'number' && Number.isInteger(format) ? format : undefined
}
