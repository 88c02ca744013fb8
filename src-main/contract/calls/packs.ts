import { z } from 'zod'
import { none, type CallRows } from './common.ts'

export const suggestionSchema = z.object({ text: z.string(), group: z.string().optional(), effect: z.number().optional() })
export type Suggestion = z.infer<typeof suggestionSchema>

export const styleLayerSchema = z.object({
  name: z.string(),
  kind: z.enum(['conv', 'toRgb']),
  resolution: z.number(),
  offset: z.number(),
  channels: z.number(),
})

export const packSummarySchema = z.object({
  id: z.string(),
  hash: z.string(),
  title: z.string(),
  /** What the pack makes: "face". */
  noun: z.string(),
  imageSize: z.number(),
  neutralTexts: z.array(z.string()),
  suggestions: z.array(suggestionSchema),
  styleLayers: z.array(styleLayerSchema),
  /** Honest words about what the pack cannot do. */
  limits: z.string(),
  licences: z.array(z.object({ what: z.string(), licence: z.string() })),
})
export type PackSummary = z.infer<typeof packSummarySchema>

export const packCalls = {
  'packs.list': { in: none, out: z.array(packSummarySchema) },
} satisfies CallRows
