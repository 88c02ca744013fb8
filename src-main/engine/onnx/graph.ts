import { LayoutGraph } from './layout.ts'

export type { Node, Operand, Value } from './core.ts'
export type { Dim, Shape } from './dims.ts'
export type { Attribute, Attributes } from './shapes.ts'

/** An ONNX graph under construction. `core.ts` holds what a graph is; `elementwise.ts`, `linear.ts` and `layout.ts` add one method an operator. */
export class Graph extends LayoutGraph {}
