/** Makes rows [count,width] orthonormal in place: Gram–Schmidt, twice over each row, so that rounding does not add up. */
export function orthonormal(rows: Float64Array, count: number, width: number): Float64Array {
  const row = (i: number) => rows.subarray(i * width, (i + 1) * width)
  for (let i = 0; i < count; i++) {
    const x = row(i)
    for (let pass = 0; pass < 2; pass++)
      for (let k = 0; k < i; k++) {
        const y = row(k)
        let dot = 0
        for (let j = 0; j < width; j++) dot += x[j]! * y[j]!
        for (let j = 0; j < width; j++) x[j]! -= dot * y[j]!
      }
    const length = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))
    for (let j = 0; j < width; j++) x[j]! /= length
  }
  return rows
}

/** Orthonormal rows [count,D] that span what a covariance [D,D] varies in most, by subspace iteration from `start` [count,D]. */
export function principalRows(covariance: Float32Array, start: Float64Array, count: number, width: number): Float64Array {
  let rows = orthonormal(start, count, width)
  for (let round = 0; round < 30; round++) {
    const next = new Float64Array(count * width)
    for (let k = 0; k < count; k++)
      for (let i = 0; i < width; i++) {
        let sum = 0
        for (let j = 0; j < width; j++) sum += covariance[i * width + j]! * rows[k * width + j]!
        next[k * width + i] = sum
      }
    rows = orthonormal(next, count, width)
  }
  return rows
}
