/** Σ a_i · b_i */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** matrix [D,D] · x [D] */
export function times(matrix: Float32Array, x: Float32Array): Float32Array {
  return x.map((_, i) => dot(matrix.subarray(i * x.length, (i + 1) * x.length), x))
}
