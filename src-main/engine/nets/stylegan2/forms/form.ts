import type { Graph, Value } from '../../../onnx/graph.ts'
import type { TensorData } from '../../../onnx/tensor.ts'

/** The linear part of a synthesis layer: one kernel, shared by every sample. */
export interface LinearLayer {
  /** Name of the kernel's parameter; derived kernels are named after it. */
  readonly name: string
  /** [O,I,3,3] */
  readonly weight: TensorData
  /** Low-pass filter of the up-sampling, unnormalised. */
  readonly fir: readonly number[]
  /** Side of the input in pixels; the output's is the same, or twice that in an up-sampling layer. */
  readonly inputSize: number
}

/**
 * One way to compute a layer's linear map x [N,I,h,h] → y [N,O,H,H]. All forms of a layer are the same map; they differ in operations,
 * memory and how well a device runs them.
 */
export type Form = (g: Graph, layer: LinearLayer, x: Value) => Value
