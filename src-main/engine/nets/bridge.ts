import type { Graph, Value } from '../onnx/graph.ts'
import type { Parameters } from './parameters.ts'

/** Adaptive style mixing: how the trunk's own output modulates Δs (METHOD 2.5). */
export type Mixing = 'gate' | 'film' | 'mix' | 'off'

/**
 * The bridge (arXiv 2210.04506): deltaF [N,D] → deltaW [N,W] → deltaS [N,S], a mirror image of StyleGAN2's own z → w → s.
 * Its parameters: inputGain [1], trunk.K.weight/.bias, wDeviation [W], heads.weight [S,W]/.bias, asm.0.*, asm.1.*, and for `mix` the
 * generator's affines as affines.weight [S,W].
 */
export interface Bridge {
  readonly embed: number
  readonly wDim: number
  readonly styles: number
  /** Fully connected layers of the trunk. */
  readonly depth: number
  readonly width: number
  readonly mixing: Mixing
}

/** The drawing's eight layers, at StyleGAN2's own width. */
export const trunkDefaults = { depth: 8, width: 512 } as const

/** Shapes of the parameters that are learned. */
export function bridgeShapes(a: Bridge): Record<string, readonly number[]> {
  const shapes: Record<string, readonly number[]> = {}
  const linear = (name: string, outputs: number, inputs: number) => {
    shapes[`${name}.weight`] = [outputs, inputs]
    shapes[`${name}.bias`] = [outputs]
  }
  for (let k = 0; k < a.depth; k++) linear(`trunk.${k}`, k === a.depth - 1 ? a.wDim : a.width, k === 0 ? a.embed : a.width)
  linear('heads', a.styles, a.wDim)
  if (a.mixing !== 'off') {
    linear('asm.0', a.width, a.wDim)
    linear('asm.1', a.mixing === 'film' ? 2 * a.styles : a.styles, a.width)
  }
  return shapes
}

/** Reads the widths off the weights. */
export function inferBridge(p: Parameters, mixing: Mixing): Bridge {
  let depth = 0
  while (p.has(`trunk.${depth}.weight`)) depth++
  const [width = 0, embed = 0] = p.tensor('trunk.0.weight').shape
  const [styles = 0, wDim = 0] = p.tensor('heads.weight').shape
  return { embed, wDim, styles, depth, width, mixing }
}

export interface Bridged {
  readonly deltaW: Value
  readonly deltaS: Value
  /** [N,S], what adaptive style mixing multiplies Δŝ by: m of `gate`, 1 + γ of `film`, the share m of the style path in `mix`; `off` has none. */
  readonly modulation: Value | undefined
}

/** The bridge over a pack's weights. deltaF [N,D] from its center, not unit length → deltaW [N,W] and deltaS [N,S], B(deltaF). */
export function bridge(g: Graph, a: Bridge, p: Parameters, deltaF: Value): Bridged {
  return bridgeOf(g, a, (name) => g.initializer(`bridge.${name}`, p.tensor(name)), deltaF)
}

/** The same over parameters that may be inputs of the graph, as training has them. */
export function bridgeOf(g: Graph, a: Bridge, parameter: (name: string) => Value, deltaF: Value): Bridged {
  const linear = (name: string, x: Value) => g.gemm(x, parameter(`${name}.weight`), parameter(`${name}.bias`), { transB: true })

  // No PixelNorm: it would erase the length of deltaF, and a small difference must give a small edit.
  let h = g.mul(deltaF, parameter('inputGain')) //                                                      h_0 = g·Δf        [N,D]
  for (let k = 0; k < a.depth - 1; k++) h = g.leakyRelu(linear(`trunk.${k}`, h), 0.2) //               h_k               [N,width]
  const standard = linear(`trunk.${a.depth - 1}`, h) //                                                 Δw ÷ σ_w, both signs: no activation
  const deltaW = g.mul(standard, parameter('wDeviation')) //                                            Δŵ                [N,W]
  const heads = linear('heads', deltaW) //                                                              Δŝ = H Δŵ + h     [N,S]
  return { deltaW, ...mixed(g, a, parameter, linear, { standard, deltaW, heads }) }
}

/** Δŝ refined by its modulating signals, which come from the standardised Δŵ so that Γ sees numbers near one. */
function mixed(
  g: Graph,
  a: Bridge,
  parameter: (name: string) => Value,
  linear: (name: string, x: Value) => Value,
  { standard, deltaW, heads }: { standard: Value; deltaW: Value; heads: Value },
): Pick<Bridged, 'deltaS' | 'modulation'> {
  if (a.mixing === 'off') return { deltaS: heads, modulation: undefined }
  const signals = linear('asm.1', g.leakyRelu(linear('asm.0', standard), 0.2)) // Γ(Δŵ)
  switch (a.mixing) {
    case 'gate': {
      const m = g.add(1, g.tanh(signals)) // m ⊙ Δŝ, m = 1 + tanh(Γ) ∈ (0, 2)
      return { deltaS: g.mul(heads, m), modulation: m }
    }
    case 'film': {
      const gain = g.add(1, g.slice(signals, 1, 0, a.styles)) // (1 + γ) ⊙ Δŝ + β
      return { deltaS: g.add(g.mul(heads, gain), g.slice(signals, 1, a.styles, 2 * a.styles)), modulation: gain }
    }
    case 'mix': {
      const m = g.sigmoid(signals) // m ⊙ Δŝ + (1 − m) ⊙ A Δŵ
      const plain = g.matmul(deltaW, g.transpose(parameter('affines.weight'), [1, 0]))
      return { deltaS: g.add(plain, g.mul(m, g.sub(heads, plain))), modulation: m }
    }
  }
}
