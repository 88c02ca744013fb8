import type { Graph, Value } from '../../onnx/graph.ts'
import type { Parameters } from '../parameters.ts'
import type { StyleGan2 } from './architecture.ts'
import { styleLayout, type StyleLayer } from './layout.ts'

/** Style space s [N,S] = A(wPlus [N,L,W]): the affine outputs of all layers in the order of the style layout, ToRGB's before its weight gain. */
export function styles(g: Graph, a: StyleGan2, p: Parameters, wPlus: Value): Value {
  const row = (i: number) => g.reshape(g.slice(wPlus, 1, i, i + 1), [0, a.wDim]) // [N,W]
  const { layers } = styleLayout(a)
  return g.concat(
    layers.map((layer) => affine(g, a, p, layer, row(layer.wIndex))),
    1,
  )
}

/** The same with one w [N,W] for all layers. */
export function stylesOfW(g: Graph, a: StyleGan2, p: Parameters, w: Value): Value {
  return g.concat(
    styleLayout(a).layers.map((layer) => affine(g, a, p, layer, w)),
    1,
  )
}

/** s_i [N,C] = w [N,W]·A_iᵀ/√W + b_i */
function affine(g: Graph, a: StyleGan2, p: Parameters, layer: StyleLayer, w: Value): Value {
  const name = `synthesis.${layer.name}.affine`
  const weight = g.initializer(`${name}.weight`, p.tensor(`${name}.weight`)) // [C,W]
  const bias = g.initializer(`${name}.bias`, p.tensor(`${name}.bias`)) // [C]
  return g.gemm(w, weight, bias, { transB: true, alpha: 1 / Math.sqrt(a.wDim) })
}
