/** How a picture's colour meets the one under it. */
export type BlendMode = 'normal' | 'multiply' | 'screen' | 'overlay' | 'soft-light'

/**
 * The separable blend functions B(cb, cs) of W3C's Compositing and Blending Level 1, section 9.1: what a canvas 2D does under the same names. Backdrop
 * cb and source cs are sRGB's encoded values, 0…1; outside that range (colours that sRGB cannot hold) only `normal` is defined, the others clip.
 */
export const blendFunctions: Readonly<Record<BlendMode, (cb: number, cs: number) => number>> = {
  normal: (_, cs) => cs,
  multiply: (cb, cs) => clip(cb) * clip(cs),
  screen: (cb, cs) => screen(clip(cb), clip(cs)),
  // Overlay is hard light with the layers swapped.
  overlay: (cb, cs) => hardLight(clip(cs), clip(cb)),
  'soft-light': (cb, cs) => softLight(clip(cb), clip(cs)),
}

const clip = (x: number) => (x <= 0 ? 0 : x >= 1 ? 1 : x)
const screen = (cb: number, cs: number) => cb + cs - cb * cs
const hardLight = (cb: number, cs: number) => (cs <= 0.5 ? cb * 2 * cs : screen(cb, 2 * cs - 1))

function softLight(cb: number, cs: number): number {
  if (cs <= 0.5) return cb - (1 - 2 * cs) * cb * (1 - cb)
  const d = cb <= 0.25 ? ((16 * cb - 12) * cb + 4) * cb : Math.sqrt(cb)
  return cb + (2 * cs - 1) * (d - cb)
}

/**
 * One pixel of a source over a backdrop (section 5 with section 9's blending), in place on `backdrop` [r, g, b, α], not premultiplied:
 *
 *     αo = αs + αb·(1 − αs),   αo·Co = αs·(1 − αb)·Cs + αs·αb·B(Cb, Cs) + (1 − αs)·αb·Cb
 */
export function blendPixel(mode: BlendMode, backdrop: Float32Array, source: Float32Array, alphaSource: number): void {
  if (alphaSource <= 0) return
  const blend = blendFunctions[mode]
  const alphaBackdrop = backdrop[3]!
  const alpha = alphaSource + alphaBackdrop * (1 - alphaSource)
  for (let c = 0; c < 3; c++) {
    const [cb, cs] = [backdrop[c]!, source[c]!]
    const mixed =
      alphaSource * (1 - alphaBackdrop) * cs + alphaSource * alphaBackdrop * blend(cb, cs) + (1 - alphaSource) * alphaBackdrop * cb
    backdrop[c] = mixed / alpha
  }
  backdrop[3] = alpha
}
