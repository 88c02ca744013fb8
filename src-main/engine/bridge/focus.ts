/**
 * What 'auto' focus is. On the built-in pack, 42 prompts on 24 people: from 0.1 to 0.3 the judge sees the asked change equally often
 * (91 %), what nobody asked for falls from .29 to .24 deviations, and what is reached at strength 1 from 64 % to 58 %.
 */
export const focusDefault = 0.2

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
