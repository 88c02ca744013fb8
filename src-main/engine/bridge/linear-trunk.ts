import type { Bridge } from '../nets/bridge.ts'
import { float32, type TensorData } from '../onnx/tensor.ts'
import type { Random } from '../runtime/random.ts'
import { orthonormal } from './orthonormal.ts'

/** LeakyReLU 0.2 keeps what a pair (x, −x) carries: leaky(x) − leaky(−x) = 1.2·x. */
const pairGain = 1.2

/**
 * A trunk that computes a linear map exactly (METHOD 2.3's structure, another start): half of each layer's units carry x turned by a
 * random rotation Q_k, the other half −x, and the last layer undoes the rotations. So training starts at the best linear map and only
 * has to learn what is not linear, as the heads start from the affines and the mixing module from the identity. Held-out variance of s
 * explained on the built-in pack after 200 and 1,000 steps: .67 and .72; from random weights .46 and .67.
 *
 * `map` [D,W] takes inputGain·deltaF to deltaW ÷ σ_w. If D is more than half the width, only the first width/2 coordinates of `basis`
 * [r,D] pass. Biases are zero, so B(0) = 0.
 */
export function linearTrunk(a: Bridge, map: Float64Array, random: Random): Record<string, TensorData> {
  const r = Math.min(a.embed, Math.floor(a.width / 2))
  const parameters: Record<string, TensorData> = {}
  let turn = leadingRows(map, a, r, random) // [r,D]: what the pairs carry, x = turn·h_0
  let first = true
  for (let k = 0; k < a.depth - 1; k++) {
    const rotation = rotationOf(r, random.fork(`rotation/${k}`))
    const weight = float32([a.width, first ? a.embed : a.width])
    const rows = first ? product(rotation, turn, r, r, a.embed) : rotation
    writePairs(weight, rows, r, first ? a.embed : r, first)
    parameters[`trunk.${k}.weight`] = weight
    parameters[`trunk.${k}.bias`] = float32([a.width])
    turn = product(rotation, turn, r, r, a.embed)
    first = false
  }
  // map = turnᵀ·out, turn's rows orthonormal: out = turn·map [r,W].
  const out = product(turn, map, r, a.embed, a.wDim)
  const last = float32([a.wDim, a.width])
  const data = last.data as Float32Array
  for (let j = 0; j < a.wDim; j++)
    for (let i = 0; i < r; i++) {
      data[j * a.width + i] = out[i * a.wDim + j]! / pairGain
      data[j * a.width + r + i] = -out[i * a.wDim + j]! / pairGain
    }
  parameters[`trunk.${a.depth - 1}.weight`] = last
  parameters[`trunk.${a.depth - 1}.bias`] = float32([a.wDim])
  return parameters
}

/** Rows of one layer: [x; −x] of its input, which is x itself first and pairs afterwards. */
function writePairs(weight: TensorData, rows: Float64Array, r: number, columns: number, first: boolean): void {
  const width = weight.shape[1]!
  const data = weight.data as Float32Array
  for (let i = 0; i < r; i++)
    for (let j = 0; j < columns; j++) {
      const value = first ? rows[i * columns + j]! : rows[i * columns + j]! / pairGain
      data[i * width + j] = value
      data[(r + i) * width + j] = -value
      if (first) continue
      data[i * width + r + j] = -value
      data[(r + i) * width + r + j] = value
    }
}

/** Orthonormal rows [r,D] that span what the map listens to most: all of it if r = D, else by subspace iteration on map·mapᵀ. */
function leadingRows(map: Float64Array, a: Bridge, r: number, random: Random): Float64Array {
  let rows = orthonormal(Float64Array.from(random.fork('rows').normals(r * a.embed)), r, a.embed)
  if (r === a.embed) return rows
  for (let round = 0; round < 12; round++)
    rows = orthonormal(timesTransposed(product(rows, map, r, a.embed, a.wDim), map, r, a.wDim, a.embed), r, a.embed)
  return rows
}

const rotationOf = (r: number, random: Random): Float64Array => orthonormal(Float64Array.from(random.normals(r * r)), r, r)

/** a [n,k] · b [k,m] */
function product(a: Float64Array, b: Float64Array, n: number, k: number, m: number): Float64Array {
  const c = new Float64Array(n * m)
  for (let i = 0; i < n; i++)
    for (let l = 0; l < k; l++) {
      const factor = a[i * k + l]!
      for (let j = 0; j < m; j++) c[i * m + j]! += factor * b[l * m + j]!
    }
  return c
}

/** a [n,k] · bᵀ, b [m,k] */
function timesTransposed(a: Float64Array, b: Float64Array, n: number, k: number, m: number): Float64Array {
  const c = new Float64Array(n * m)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      let sum = 0
      for (let l = 0; l < k; l++) sum += a[i * k + l]! * b[j * k + l]!
      c[i * m + j] = sum
    }
  return c
}
