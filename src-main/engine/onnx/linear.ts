import type { Value } from './core.ts'
import { ElementwiseGraph } from './elementwise.ts'

/** One number for both axes or one an axis; pads are [top, left, bottom, right]. */
export interface ConvOptions {
  readonly strides?: number | readonly number[]
  readonly pads?: number | readonly number[]
  readonly group?: number
  readonly dilations?: number | readonly number[]
}

export interface PoolOptions {
  readonly kernel: number | readonly number[]
  /** As the kernel, if absent. */
  readonly strides?: number | readonly number[]
  readonly pads?: number | readonly number[]
  readonly ceilMode?: boolean
  /** For averages: whether padding counts as zeros. */
  readonly countPads?: boolean
}

const fill = (x: number | readonly number[] | undefined, length: number, otherwise: number): readonly number[] =>
  typeof x === 'object' ? x : new Array<number>(length).fill(x ?? otherwise)

/** Products, convolutions, pools and norms. Pictures are [N,C,H,W] (any number of spatial axes). */
export class LinearGraph extends ElementwiseGraph {
  /** a [..,M,K] · b [..,K,P] → [..,M,P], leading axes broadcast. */
  matmul = (a: Value, b: Value): Value => this.one('MatMul', [a, b])

  /** alpha · A · B + beta · c, A and B matrices, transposed where asked. */
  gemm = (a: Value, b: Value, c?: Value, o: { transA?: boolean; transB?: boolean; alpha?: number; beta?: number } = {}): Value =>
    this.one('Gemm', [a, b, c], {
      transA: Number(o.transA ?? false),
      transB: Number(o.transB ?? false),
      alpha: o.alpha ?? 1,
      beta: o.beta ?? 1,
    })

  /** Cross-correlation. w [O, I/group, kH, kW], b [O]. */
  conv = (x: Value, w: Value, b?: Value, o: ConvOptions = {}): Value => this.one('Conv', [x, w, b], this.#window(w, o))

  /** The transpose of `conv` by its picture. w [I, O/group, kH, kW], b [O]; output (H−1)·stride + k − pads + outputPadding. */
  convTranspose = (x: Value, w: Value, b?: Value, o: ConvOptions & { outputPadding?: number | readonly number[] } = {}): Value =>
    this.one('ConvTranspose', [x, w, b], { ...this.#window(w, o), output_padding: fill(o.outputPadding, w.shape.length - 2, 0) })

  averagePool = (x: Value, o: PoolOptions): Value =>
    this.one('AveragePool', [x], { ...this.#pool(x, o), count_include_pad: Number(o.countPads ?? false) })
  maxPool = (x: Value, o: PoolOptions): Value => this.one('MaxPool', [x], this.#pool(x, o))
  /** [N,C,H,W] → [N,C,1,1] */
  globalAveragePool = (x: Value): Value => this.one('GlobalAveragePool', [x])

  /** Over axis…last: (x − mean) / √(variance + epsilon) · scale + bias. */
  layerNormalization = (x: Value, scale: Value, bias?: Value, o: { axis?: number; epsilon?: number } = {}): Value =>
    this.one('LayerNormalization', [x, scale, bias], { axis: o.axis ?? -1, epsilon: o.epsilon ?? 1e-5 })
  /** Over the spatial axes of each sample and channel; scale and bias [C]. */
  instanceNormalization = (x: Value, scale: Value, bias: Value, epsilon = 1e-5): Value =>
    this.one('InstanceNormalization', [x, scale, bias], { epsilon })
  /** Group norm as reshape and instance norm, since the operator itself is missing on WebGPU. x [N,C,H,W] with known H, W; scale, bias [C]. */
  groupNormalization = (x: Value, groups: number, scale: Value, bias: Value, epsilon = 1e-5): Value => {
    const grouped = this.one('Reshape', [x, this.vector([0, groups, -1])])
    const ones = this.constant(new Array<number>(groups).fill(1))
    const zeros = this.constant(new Array<number>(groups).fill(0))
    const normal = this.instanceNormalization(grouped, ones, zeros, epsilon)
    const back = this.one('Reshape', [normal, this.vector(x.shape.map((d, i) => (i === 0 ? 0 : typeof d === 'number' ? d : -1)))])
    const channels = this.vector([-1, ...x.shape.slice(2).map(() => 1)])
    return this.add(this.mul(back, this.one('Reshape', [scale, channels])), this.one('Reshape', [bias, channels]))
  }

  /** Einstein's sum, with an explicit output: 'nchw,nc->nhw'. */
  einsum = (equation: string, ...xs: readonly Value[]): Value => this.one('Einsum', xs, { equation })

  #window(w: Value, o: ConvOptions) {
    const rank = w.shape.length - 2
    return {
      kernel_shape: w.shape.slice(2) as number[],
      strides: fill(o.strides, rank, 1),
      pads: fill(o.pads, 2 * rank, 0),
      dilations: fill(o.dilations, rank, 1),
      group: o.group ?? 1,
    }
  }

  #pool(x: Value, o: PoolOptions) {
    const rank = x.shape.length - 2
    const kernel = fill(o.kernel, rank, 1)
    return {
      kernel_shape: kernel,
      strides: fill(o.strides ?? kernel, rank, 1),
      pads: fill(o.pads, 2 * rank, 0),
      ceil_mode: Number(o.ceilMode ?? false),
    }
  }
}
