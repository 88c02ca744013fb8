import { StudioError } from '../../contract/errors.ts'
import { float32, type TensorData } from '../onnx/tensor.ts'
import { floats, type Parameters } from '../nets/parameters.ts'

/**
 * What the style channels do to f, and what an edit should leave alone. A pack that was aligned before these were measured has none: its
 * edits choose channels by how far they move.
 */
export interface Effects {
  /** [K,D], orthonormal: the directions that pictures' f varies in most. */
  readonly fDirections: Float32Array
  /** [K,S], mean slope of f along each of them by each style channel. */
  readonly fSlopes: Float32Array
  /** [n,D], differences of texts that edits keep unless they ask for them. */
  readonly fKept: Float32Array
}

/** What alignment learned about the pack's spaces, over the bank of samples (METHOD, section 1). */
export interface Statistics {
  /** c_I [D], mean of the samples' image embeddings. */
  readonly fCenterImage: Float32Array
  /** c_T [D], mean embedding of the pack's neutral texts. */
  readonly fCenterText: Float32Array
  /** w̄ [W] and s̄ [S]. */
  readonly wCenter: Float32Array
  readonly sCenter: Float32Array
  /** σ_w [W] and σ_s [S], standard deviations of each channel. */
  readonly wDeviation: Float32Array
  readonly sDeviation: Float32Array
  /** rms length of f − c over the samples, and of the suggestions' texts. */
  readonly fSpreadImage: number
  readonly fSpreadText: number
  /** Σ [D,D] of the samples' f, and the filter Σ (Σ + λ)⁻¹ [D,D] that takes from a text what no picture shows. */
  readonly fCovariance: Float32Array
  readonly textFilter: Float32Array
  readonly effects?: Effects
}

const vectors = ['fCenterImage', 'fCenterText', 'wCenter', 'sCenter', 'wDeviation', 'sDeviation'] as const
const matrices = ['fCovariance', 'textFilter'] as const
const scalars = ['fSpreadImage', 'fSpreadText'] as const
const effectNames = ['fDirections', 'fSlopes', 'fKept'] as const

/** The tensors of statistics.safetensors. */
export function statisticsTensors(statistics: Statistics): Record<string, TensorData> {
  return Object.fromEntries<TensorData>([
    ...vectors.map((name) => [name, float32([statistics[name].length], statistics[name])] as const),
    ...matrices.map(
      (name) => [name, float32([Math.sqrt(statistics[name].length), Math.sqrt(statistics[name].length)], statistics[name])] as const,
    ),
    ...scalars.map((name) => [name, float32([1], [statistics[name]])] as const),
    ...effectsTensors(statistics),
  ])
}

function effectsTensors({ effects, fCenterImage, sCenter }: Statistics): [string, TensorData][] {
  if (effects === undefined) return []
  const width = { fDirections: fCenterImage.length, fSlopes: sCenter.length, fKept: fCenterImage.length }
  return effectNames.map((name) => [name, float32([effects[name].length / width[name], width[name]], effects[name])])
}

/** Reads statistics and checks their lengths. Errors: parameters.missing, pack.wrong-statistics. */
export function statisticsFrom(
  p: Parameters,
  lengths: { readonly embed: number; readonly w: number; readonly s: number },
  where: string,
): Statistics {
  const { embed, w, s } = lengths
  const wanted = {
    ...{ fCenterImage: embed, fCenterText: embed, wCenter: w, sCenter: s, wDeviation: w, sDeviation: s },
    ...{ fCovariance: embed ** 2, textFilter: embed ** 2 },
  }
  const found: Record<string, Float32Array | number> = {}
  for (const name of [...vectors, ...matrices]) {
    const values = floats(p, name)
    if (values.length !== wanted[name] || !values.every(Number.isFinite)) throw wrong(name, where)
    found[name] = values
  }
  for (const name of scalars) {
    const value = floats(p, name)[0]
    if (value === undefined || !Number.isFinite(value)) throw wrong(name, where)
    found[name] = value
  }
  const effects = effectsFrom(p, lengths, where)
  return { ...(found as unknown as Statistics), ...(effects === undefined ? {} : { effects }) }
}

function effectsFrom(p: Parameters, { embed, s }: { embed: number; s: number }, where: string): Effects | undefined {
  if (!effectNames.some((name) => p.has(name))) return undefined
  const [fDirections, fSlopes, fKept] = effectNames.map((name) => {
    const values = floats(p, name)
    if (!values.every(Number.isFinite)) throw wrong(name, where)
    return values
  }) as [Float32Array, Float32Array, Float32Array]
  const directions = fDirections.length / embed
  if (directions === 0 || !Number.isInteger(directions)) throw wrong('fDirections', where)
  if (fSlopes.length !== directions * s) throw wrong('fSlopes', where)
  if (fKept.length % embed !== 0) throw wrong('fKept', where)
  return { fDirections, fSlopes, fKept }
}

const wrong = (name: string, where: string) =>
  new StudioError('pack.wrong-statistics', {
    where,
    what: `"${name}" in statistics.safetensors does not fit the pack's networks`,
    todo: 'Align the pack again.',
  })
