import { StudioError } from '../../contract/errors.ts'
import type { Graph, Node, Value } from '../onnx/graph.ts'
import { RuleContext, expandLike, sumLike } from './rule.ts'
import { RULES } from './rules/table.ts'

/**
 * dy/dx for each x, as values of the same graph: reverse mode, one walk from y back. y holds one number.
 * An x that y does not depend on gets zeros. The nodes appended are ordinary operators, so that gradients can be differentiated again.
 * Throws 'gradient.no-rule' or 'gradient.refused' naming the operator, 'gradient.not-scalar' if y holds several numbers.
 */
export function gradients(g: Graph, y: Value, xs: readonly Value[]): Value[] {
  if (y.shape.some((d) => d !== 1)) {
    throw new StudioError('gradient.not-scalar', {
      where: `"${y.name}" of graph "${g.name}"`,
      what: `its shape is [${y.shape.join(', ')}]`,
      todo: 'Reduce the loss to one number first.',
    })
  }
  const one = g.constant(
    [1],
    y.shape.map(() => 1),
  )
  return pullBack(g, y, one, xs)
}

/** The vector-Jacobian product dY·∂y/∂x for each x; dY has y's shape. */
export function pullBack(g: Graph, y: Value, dY: Value, xs: readonly Value[]): Value[] {
  // The walk appends nodes; only those that are there now belong to y.
  const nodes = [...g.nodes]
  const onPath = dependents(nodes, xs)
  const parts = new Map<Value, Value[]>([[y, [dY]]])
  const total = (v: Value): Value | undefined => {
    const all = parts.get(v)
    if (all && all.length > 1) parts.set(v, [all.reduce((a, b) => g.add(a, b))])
    return parts.get(v)?.[0]
  }
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((o) => onPath.has(o) && parts.has(o))) continue
    const grads = differentiate(g, node, node.outputs.map(total))
    node.inputs.forEach((input, i) => {
      const grad = grads[i]
      if (!input || !grad || !onPath.has(input)) return
      const part = sumLike(g, attempt(node, grad), input)
      parts.set(input, [...(parts.get(input) ?? []), part])
    })
  }
  return xs.map((x) => total(x) ?? expandLike(g, g.constant(0), x))
}

/** The xs and everything that is computed from them. */
function dependents(nodes: readonly Node[], xs: readonly Value[]): Set<Value> {
  const found = new Set(xs)
  for (const node of nodes) if (node.inputs.some((i) => i && found.has(i))) for (const o of node.outputs) found.add(o)
  return found
}

function differentiate(g: Graph, node: Node, dYs: readonly (Value | undefined)[]) {
  const rule = Object.hasOwn(RULES, node.type) ? RULES[node.type] : undefined
  if (!rule) {
    throw new StudioError('gradient.no-rule', {
      where: describe(node),
      what: 'it has no gradient rule',
      todo: 'Add one to engine/gradient/rules.',
    })
  }
  return attempt(node, () => rule(new RuleContext(g, node, dYs), g))
}

function attempt<T>(node: Node, build: () => T): T {
  try {
    return build()
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new StudioError(
      'gradient.refused',
      { where: describe(node), what: cause.message, todo: 'Build the forward graph in another form.' },
      { cause },
    )
  }
}

const describe = (node: Node) => `${node.type} "${node.outputs[0]!.name}" in graph "${node.outputs[0]!.graph.name}"`
