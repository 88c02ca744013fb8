import type { Field } from '../field.ts'

/** One of the Gaussians of a class, with a full covariance. */
interface Component {
  weight: number
  readonly mean: Float64Array
  /** Lower triangle of the covariance's Cholesky factor, row by row. */
  readonly factor: Float64Array
  logNorm: number
}

/** No Gaussian is narrower than this deviation (features are about 0…1), or a flat part would claim everything of its exact colour. */
const NARROWEST = 0.035
const ITERATIONS = 8

/**
 * Which class each point belongs to, by how it looks and by its place: each class is a mixture of Gaussians over features, and a prior over
 * places; both are fitted together by expectation and maximisation. features: [H,W,D], D ≤ 8, lightness first; priors: a non-negative weight of
 * each class at each point (a point with none takes no part). Returns each class's share at each point. The colour models of GrabCut (Rother
 * et al., 2004) with a soft prior in the place of its trimap.
 */
export function classify(features: Field, priors: readonly Float32Array[], components: readonly number[]): Float32Array[] {
  const points = features.width * features.height
  const moments = 1 + features.channels + (features.channels * (features.channels + 1)) / 2
  const mixtures = priors.map((prior, c) => start(features, prior, components[c]!, moments))
  const shares = priors.map(() => new Float32Array(points))
  const likelihood = mixtures.map((mixture) => new Float64Array(mixture.length))
  for (let round = 0; ; round++) {
    const sums = mixtures.map((mixture) => mixture.map(() => new Float64Array(moments)))
    for (let i = 0; i < points; i++) {
      let total = 0
      mixtures.forEach((mixture, c) => {
        const prior = priors[c]![i]!
        mixture.forEach((component, k) => {
          const p = prior === 0 ? 0 : prior * component.weight * density(component, features, i)
          likelihood[c]![k] = p
          total += p
        })
      })
      // A colour that no class knows tells nothing: the place decides.
      const isUnknown = total < 1e-12
      const known = isUnknown ? priors.reduce((sum, prior) => sum + prior[i]!, 0) : total
      mixtures.forEach((mixture, c) => {
        let share = 0
        mixture.forEach((_, k) => {
          const r = isUnknown || total === 0 ? 0 : likelihood[c]![k]! / total
          share += r
          if (r > 1e-4) addTo(sums[c]![k]!, features, i, r)
        })
        shares[c]![i] = isUnknown ? (known === 0 ? 0 : priors[c]![i]! / known) : share
      })
    }
    if (round === ITERATIONS) return shares
    mixtures.forEach((mixture, c) => {
      const all = sums[c]!.reduce((sum, s) => sum + s[0]!, 0)
      mixture.forEach((component, k) => update(component, sums[c]![k]!, all))
    })
  }
}

/** Components spread over the class's likely points by lightness. */
function start(features: Field, prior: Float32Array, count: number, moments: number): Component[] {
  const D = features.channels
  const most = prior.reduce((max, x) => Math.max(max, x), 0)
  const likely = [...prior.keys()].filter((i) => prior[i]! > 0.5 * most)
  likely.sort((a, b) => features.data[a * D]! - features.data[b * D]!)
  return Array.from({ length: count }, (_, k) => {
    const own = likely.slice(Math.floor((k / count) * likely.length), Math.floor(((k + 1) / count) * likely.length))
    const sums = new Float64Array(moments)
    for (const i of own) addTo(sums, features, i, 1)
    const component: Component = { weight: 1 / count, mean: new Float64Array(D), factor: new Float64Array((D * (D + 1)) / 2), logNorm: 0 }
    update(component, sums, Math.max(1, likely.length))
    return component
  })
}

/** A point joins a component's moments: n, Σx (D), Σx·xᵀ (lower triangle). */
function addTo(sums: Float64Array, { data, channels: D }: Field, i: number, w: number): void {
  sums[0]! += w
  for (let c = 0, k = 1 + D; c < D; c++) {
    const x = w * data[i * D + c]!
    sums[1 + c]! += x
    for (let d = 0; d <= c; d++) sums[k++]! += x * data[i * D + d]!
  }
}

/** Mean and Cholesky factor from the moments. */
function update(component: Component, sums: Float64Array, all: number): void {
  const n = sums[0]!
  component.weight = all > 0 && n >= 1 ? n / all : 0
  if (component.weight === 0) return
  const { mean, factor } = component
  const D = mean.length
  for (let c = 0; c < D; c++) mean[c] = sums[1 + c]! / n
  let logNorm = (-D / 2) * Math.log(2 * Math.PI)
  for (let c = 0; c < D; c++)
    for (let d = 0; d <= c; d++) {
      let x = sums[1 + D + (c * (c + 1)) / 2 + d]! / n - mean[c]! * mean[d]!
      for (let e = 0; e < d; e++) x -= factor[(c * (c + 1)) / 2 + e]! * factor[(d * (d + 1)) / 2 + e]!
      if (c !== d) factor[(c * (c + 1)) / 2 + d] = x / factor[(d * (d + 1)) / 2 + d]!
      else {
        factor[(c * (c + 1)) / 2 + c] = Math.sqrt(Math.max(NARROWEST ** 2 / 4, x + NARROWEST ** 2))
        logNorm -= Math.log(factor[(c * (c + 1)) / 2 + c]!)
      }
    }
  component.logNorm = logNorm
}

/** N(x; mean, L·Lᵀ) by forward substitution. */
function density({ mean, factor, logNorm }: Component, { data, channels: D }: Field, i: number): number {
  let sum = 0
  for (let c = 0, k = 0; c < D; c++) {
    let y = data[i * D + c]! - mean[c]!
    for (let d = 0; d < c; d++) y -= factor[k++]! * solved[d]!
    y /= factor[k++]!
    solved[c] = y
    sum += y * y
  }
  return sum > 200 ? 0 : Math.exp(logNorm - 0.5 * sum)
}
// Millions of densities a picture; nothing is allocated for one.
const solved = new Float64Array(8)
