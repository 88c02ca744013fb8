import { recipeSchema, type Recipe } from '../contract/document.ts'
import type { BlobStore } from './blobs.ts'
import { inlineMasks, maskHashes, restoreMasks, type InlineMasks } from './masks.ts'

/** A recipe as an exported file carries it: the document, and its masks inline as far as they fit. */
export type CarriedRecipe = Recipe & { readonly maskFiles?: InlineMasks }

export type BlobReader = BlobStore

/** What masks may take in a file, in base64 characters: a JPEG has 64 kB for everything that XMP says, XML's escapes included. */
const MASKS_LIMIT = 44_000

/** The recipe for a file's XMP, and what it could not take along. */
export async function recipeForFile(recipe: Recipe, blobs: BlobReader | undefined): Promise<{ recipe: CarriedRecipe; warnings: string[] }> {
  if (blobs === undefined || maskHashes(recipe).length === 0) return { recipe, warnings: [] }
  const { masks, left } = await inlineMasks(blobs, recipe, MASKS_LIMIT)
  const warnings =
    left.length === 0
      ? []
      : [
          `${left.length} of ${maskHashes(recipe).length} masks are too large for the file's recipe; they are restored on this machine only.`,
        ]
  return { recipe: Object.keys(masks).length === 0 ? recipe : { ...recipe, maskFiles: masks }, warnings }
}

/** The document that a file carried, its masks back in the store; undefined for anything else. Masks that are missing are switched off, and counted. */
export async function recipeFromFile(carried: unknown, blobs: BlobStore): Promise<Recipe | undefined> {
  const parsed = recipeSchema.safeParse(carried)
  if (!parsed.success) return undefined
  const missing = new Set(await restoreMasks(blobs, parsed.data, masksIn(carried)))
  if (missing.size === 0) return parsed.data
  const layers = parsed.data.layers.map((layer) =>
    layer.mask !== undefined && missing.has(layer.mask.bitmap) ? { ...layer, mask: { ...layer.mask, enabled: false } } : layer,
  )
  return { ...parsed.data, layers }
}

function masksIn(carried: unknown): InlineMasks {
  const files = typeof carried === 'object' && carried !== null && 'maskFiles' in carried ? carried.maskFiles : undefined
  if (typeof files !== 'object' || files === null) return {}
  return Object.fromEntries(Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
