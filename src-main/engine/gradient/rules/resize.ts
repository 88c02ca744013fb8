import { float32 } from '../../onnx/tensor.ts'
import { resizeMatrix } from '../resize-matrix.ts'
import { type Rule, negativeAxes } from '../rule.ts'

/** Resize is a matrix along each axis, Y = M·X; the gradient is the transposed matrix, Mᵀ·dY, one axis after another. */
const resize: Rule = (c, g) => {
  const x = c.x(0)
  const rank = x.shape.length
  const axes = negativeAxes(c.ints('axes') ?? x.shape.map((_, i) => i), rank)
  const scales = c.node.inputs[2] ? c.numbers(2) : undefined
  return [
    () => {
      let v = c.dY
      axes.forEach((axis, i) => {
        if (x.shape[axis] === c.y.shape[axis] && (scales?.[i] ?? 1) === 1) return
        const [from, to] = c.sizes([x.shape[axis]!, c.y.shape[axis]!]) as [number, number]
        const m = resizeMatrix({
          from,
          to,
          scale: scales?.[i] ?? to / from,
          mode: c.text('mode', 'nearest'),
          coordinates: c.text('coordinate_transformation_mode', 'half_pixel'),
          nearest: c.text('nearest_mode', 'round_prefer_floor'),
          antialias: c.number('antialias', 0) === 1,
          cubicCoeffA: c.number('cubic_coeff_a', -0.75),
          excludeOutside: c.number('exclude_outside', 0) === 1,
        })
        const matrix = g.constant(float32([to, from], m))
        if (axis === rank - 1) v = g.matmul(v, matrix)
        else {
          const swap = x.shape.map((_, k) => (k === axis ? rank - 1 : k === rank - 1 ? axis : k))
          v = g.transpose(g.matmul(g.transpose(v, swap), matrix), swap)
        }
      })
      return v
    },
  ]
}

export const resizeRules: Readonly<Record<string, Rule>> = { Resize: resize }
