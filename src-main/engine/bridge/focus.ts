/**
 * What 'auto' focus is: about a fiftieth of the largest effect. On the built-in pack (14 prompts, 16 people) the judge sees the asked
 * change equally often between a hundredth and a thirtieth.
 */
export const focusDefault = 0.2

/**
 * The share of the largest effect below which a channel stays still, for a focus in [0,1]: 0 → 0, 0.2 → .018, 0.5 → .18, 1 → 1. Effects of
 * channels fall off fast, so that equal steps of focus leave about equally many channels out.
 */
export const leastEffect = (focus: number): number => focus ** 2.5

/** How many channels move. */
export const moving = (deltaS: Float32Array): number => deltaS.reduce((count, x) => count + Number(x !== 0), 0)

/**
 * The disentanglement threshold (METHOD 2.8): sets the channels with |Δs_j| ÷ σ_j < focus · max_j to zero, in place; focus in [0,1].
 * Returns how many channels still move.
 */
export function gate(deltaS: Float32Array, deviation: Float32Array, focus: number): number {
  let most = 0
  for (let j = 0; j < deltaS.length; j++) most = Math.max(most, Math.abs(deltaS[j]!) / deviation[j]!)
  let used = 0
  for (let j = 0; j < deltaS.length; j++) {
    if (Math.abs(deltaS[j]!) / deviation[j]! < focus * most) deltaS[j] = 0
    if (deltaS[j] !== 0) used++
  }
  return used
}
