import type { Value } from './core.ts'
import type { Shape } from './dims.ts'
import { LinearGraph } from './linear.ts'
import { END } from './shapes-layout.ts'
import { float32, int64 } from './tensor.ts'

export interface ResizeOptions {
  /** A factor for each axis of `axes`, … */
  readonly scales?: readonly number[]
  /** … or a size. */
  readonly sizes?: readonly number[]
  /** The last axes of x, as many as there are scales or sizes, unless given. */
  readonly axes?: readonly number[]
  readonly mode?: 'nearest' | 'linear' | 'cubic'
  readonly coordinates?: 'half_pixel' | 'align_corners' | 'asymmetric' | 'pytorch_half_pixel'
  readonly nearest?: 'floor' | 'ceil' | 'round_prefer_floor' | 'round_prefer_ceil'
  readonly antialias?: boolean
  /** The cubic kernel's a: −0.75 (ONNX, PyTorch) or −0.5 (Pillow). */
  readonly cubicCoeffA?: number
  /** Whether cubic weights that reach outside are dropped and the rest normalised (Pillow) rather than clamped to the edge. */
  readonly excludeOutside?: boolean
}

/** Operators that move values about. Axes count from the end if negative. */
export class LayoutGraph extends LinearGraph {
  /** New shape with the same values; 0 copies the axis, −1 is what is left. A name copies the axis that bears it, or stands for −1. */
  reshape = (x: Value, shape: Shape): Value =>
    this.one('Reshape', [x, this.vector(shape.map((d, i) => (typeof d === 'number' ? d : d === x.shape[i] ? 0 : -1)))])
  transpose = (x: Value, perm: readonly number[]): Value => this.one('Transpose', [x], { perm })
  concat = (xs: readonly Value[], axis: number): Value => (xs.length === 1 ? xs[0]! : this.one('Concat', xs, { axis }))
  /** x[from:to:step] along one axis; `to` is the end if absent. */
  slice = (x: Value, axis: number, from: number, to: number = END, step = 1): Value =>
    this.one('Slice', [x, this.vector([from]), this.vector([to]), this.vector([axis]), this.vector([step])])
  /** Rows of x along `axis`; indices int64 of any shape, or integers, whose shape takes the axis' place. A single number drops the axis. */
  gather = (x: Value, indices: Value | number | readonly number[], axis: number): Value =>
    this.one(
      'Gather',
      [x, typeof indices === 'number' ? this.lift(indices, 'int64') : 'dtype' in indices ? indices : this.vector(indices)],
      { axis },
    )
  /** y[i][j] = x[indices[i][j]][j] for axis 0; indices have x's rank. */
  gatherElements = (x: Value, indices: Value, axis: number): Value => this.one('GatherElements', [x, indices], { axis })
  split = (x: Value, axis: number, sizes: readonly number[]): Value[] => this.op('Split', [x, this.vector(sizes)], { axis }, sizes.length)
  /** Broadcasts to the shape; 1 keeps an axis. */
  expand = (x: Value, shape: readonly number[]): Value => this.one('Expand', [x, this.vector(shape)])
  unsqueeze = (x: Value, axes: readonly number[]): Value => this.one('Unsqueeze', [x, this.vector(axes)])
  squeeze = (x: Value, axes: readonly number[]): Value => this.one('Squeeze', [x, this.vector(axes)])
  /** [a,b,c,d] → [a, b·c·d] for axis 1 */
  flatten = (x: Value, axis = 1): Value => this.one('Flatten', [x], { axis })
  /** pads: the begins of all axes, then the ends; negative crops. */
  pad = (x: Value, pads: readonly number[], mode: 'constant' | 'reflect' | 'edge' = 'constant', value?: number): Value =>
    this.one('Pad', [x, this.vector(pads), value === undefined ? undefined : this.lift(value, x.dtype)], { mode })

  /** Interpolates along the last axes (or `axes`). Give scales or sizes. */
  resize = (x: Value, o: ResizeOptions): Value => {
    const given = o.scales ?? o.sizes ?? []
    const axes = o.axes ?? given.map((_, i) => x.shape.length - given.length + i)
    const attributes = {
      axes,
      mode: o.mode ?? 'linear',
      coordinate_transformation_mode: o.coordinates ?? 'half_pixel',
      antialias: o.antialias ? 1 : undefined,
      cubic_coeff_a: o.mode === 'cubic' ? (o.cubicCoeffA ?? -0.75) : undefined,
      exclude_outside: o.excludeOutside ? 1 : undefined,
      nearest_mode: o.mode === 'nearest' ? (o.nearest ?? 'floor') : undefined,
    }
    const scales = o.scales && this.constant(float32([o.scales.length], o.scales))
    return this.one('Resize', [x, undefined, scales, o.sizes && !o.scales ? this.vector(o.sizes) : undefined], attributes)
  }

  /** [N, C·b², H, W] → [N, C, H·b, W·b]; CRD: channel c·b² + i·b + j is pixel (i, j) of channel c (PyTorch's pixel shuffle); DCR: (i·b + j)·C + c. */
  depthToSpace = (x: Value, block: number, mode: 'CRD' | 'DCR'): Value => this.one('DepthToSpace', [x], { blocksize: block, mode })
  /** The inverse of DCR. */
  spaceToDepth = (x: Value, block: number): Value => this.one('SpaceToDepth', [x], { blocksize: block })
  /** The upper (or lower) triangle, k diagonals up. */
  trilu = (x: Value, o: { upper?: boolean; k?: number } = {}): Value =>
    this.one('Trilu', [x, this.lift(o.k ?? 0, 'int64')], { upper: Number(o.upper ?? true) })
  /** x [N,C,H,W] sampled at grid [N,h,w,2] of (x, y) in [-1,1]. */
  gridSample = (
    x: Value,
    grid: Value,
    o: { mode?: 'linear' | 'nearest' | 'cubic'; padding?: 'zeros' | 'border' | 'reflection'; alignCorners?: boolean } = {},
  ): Value =>
    this.one('GridSample', [x, grid], {
      mode: o.mode ?? 'linear',
      padding_mode: o.padding ?? 'zeros',
      align_corners: Number(o.alignCorners ?? false),
    })
  /** The sizes of x, int64 [rank]. */
  shape = (x: Value): Value => this.one('Shape', [x])
  /** from, from + step, … below to (int64). */
  range = (from: number, to: number, step = 1): Value =>
    this.one(
      'Range',
      [from, to, step].map((n) => this.constant(int64([], [n]))),
    )
}
