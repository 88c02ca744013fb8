import type { Field } from '../field.ts'

/** Colours of one class: a few Gaussians with full covariances. */
interface Component {
  weight: number
  readonly mean: Float64Array
  /** Lower triangle of the covariance's Cholesky factor: l00 l10 l11 l20 l21 l22. */
  readonly factor: Float64Array
  logNorm: number
}

/** No colour class is narrower than this deviation (sRGB 0…1), or a flat part would claim everything of its exact colour. */
const NARROWEST = 0.035
const ITERATIONS = 8

/**
 * Which class each point belongs to, by its colour and its place: each class is a mixture of Gaussians over colour, and a prior over places;
 * both are fitted together by expectation and maximisation. colours: [H,W,3]; priors: a non-negative weight of each class at each point (a
 * point with none takes no part). Returns each class's share at each point. The colour models of GrabCut (Rother et al., 2004) with a soft
 * prior in the place of its trimap.
 */
export function classify(colours: Field, priors: readonly Float32Array[], components: readonly number[]): Float32Array[] {
  const points = colours.width * colours.height
  const mixtures = priors.map((prior, c) => start(colours, prior, components[c]!))
  const shares = priors.map(() => new Float32Array(points))
  const likelihood = mixtures.map((mixture) => new Float64Array(mixture.length))
  for (let round = 0; ; round++) {
    const sums = mixtures.map((mixture) => mixture.map(() => new Float64Array(10)))
    for (let i = 0; i < points; i++) {
      let total = 0
      mixtures.forEach((mixture, c) => {
        const prior = priors[c]![i]!
        mixture.forEach((component, k) => {
          const p = prior === 0 ? 0 : prior * component.weight * density(component, colours.data, i * 3)
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
          if (r > 1e-4) addTo(sums[c]![k]!, colours.data, i * 3, r)
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
function start(colours: Field, prior: Float32Array, count: number): Component[] {
  const most = prior.reduce((max, x) => Math.max(max, x), 0)
  const likely = [...prior.keys()].filter((i) => prior[i]! > 0.5 * most)
  const light = (i: number) => colours.data[i * 3]! + colours.data[i * 3 + 1]! + colours.data[i * 3 + 2]!
  likely.sort((a, b) => light(a) - light(b))
  return Array.from({ length: count }, (_, k) => {
    const own = likely.slice(Math.floor((k / count) * likely.length), Math.floor(((k + 1) / count) * likely.length))
    const sums = new Float64Array(10)
    for (const i of own) addTo(sums, colours.data, i * 3, 1)
    const component: Component = { weight: 1 / count, mean: new Float64Array(3), factor: new Float64Array(6), logNorm: 0 }
    update(component, sums, Math.max(1, likely.length))
    return component
  })
}

/** count, r g b, rr rg rb gg gb bb */
function addTo(sums: Float64Array, data: Float32Array, at: number, w: number): void {
  const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!]
  sums[0]! += w
  sums[1]! += w * r
  sums[2]! += w * g
  sums[3]! += w * b
  sums[4]! += w * r * r
  sums[5]! += w * r * g
  sums[6]! += w * r * b
  sums[7]! += w * g * g
  sums[8]! += w * g * b
  sums[9]! += w * b * b
}

function update(component: Component, sums: Float64Array, all: number): void {
  const n = sums[0]!
  component.weight = all > 0 ? n / all : 0
  if (n < 1) {
    component.weight = 0
    return
  }
  const [r, g, b] = [sums[1]! / n, sums[2]! / n, sums[3]! / n]
  component.mean.set([r, g, b])
  const least = NARROWEST ** 2
  const f = component.factor
  f[0] = Math.sqrt(sums[4]! / n - r * r + least)
  f[1] = (sums[5]! / n - r * g) / f[0]
  f[2] = Math.sqrt(Math.max(least / 4, sums[7]! / n - g * g + least - f[1] * f[1]))
  f[3] = (sums[6]! / n - r * b) / f[0]
  f[4] = (sums[8]! / n - g * b - f[3] * f[1]) / f[2]
  f[5] = Math.sqrt(Math.max(least / 4, sums[9]! / n - b * b + least - f[3] * f[3] - f[4] * f[4]))
  component.logNorm = -Math.log(f[0] * f[2] * f[5]) - 1.5 * Math.log(2 * Math.PI)
}

function density({ mean, factor: f, logNorm }: Component, data: Float32Array, at: number): number {
  const x = (data[at]! - mean[0]!) / f[0]!
  const y = (data[at + 1]! - mean[1]! - f[1]! * x) / f[2]!
  const z = (data[at + 2]! - mean[2]! - f[3]! * x - f[4]! * y) / f[5]!
  return Math.exp(logNorm - 0.5 * (x * x + y * y + z * z))
}
