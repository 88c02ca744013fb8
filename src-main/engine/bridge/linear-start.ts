import type { Device } from '../runtime/devices.ts'
import { Centering } from './centers.ts'
import { leastSquares, momentsOf } from './least-squares.ts'
import type { Training } from './training.ts'

/** Ridges to try; which is best depends on how much of f is noise. */
const ridges = [1e-4, 1e-3, 1e-2, 1e-1]

/**
 * The best linear map [D,W] from inputGain·deltaF to deltaW ÷ σ_w, in closed form from the bank: least squares with the ridge that
 * explains most of the held-out samples. With squared error this is what any bridge tends to as far as f and w are jointly normal.
 */
export async function bestLinearMap(
  { trained, heldOut, sources, fixed }: Pick<Training, 'trained' | 'heldOut' | 'sources' | 'fixed'>,
  device: Device,
  threads?: number,
): Promise<Float64Array> {
  const gain = (fixed.inputGain.data as Float32Array)[0]!
  const deviation = fixed.wDeviation.data as Float32Array
  const [inputs, outputs] = [sources.bank.length, deviation.length]
  const residuals = ({ f, w }: { f: Float32Array; w: Float32Array }) => {
    const { deltaF, deltaW } = new Centering('bank', sources).residuals(f, w)
    return { x: deltaF.map((v) => v * gain), y: deltaW.map((v, i) => v / deviation[i % outputs]!) }
  }
  const { x, y } = residuals(trained)
  const moments = await momentsOf(x, y, inputs, outputs, device, threads)
  const check = residuals(heldOut)
  const maps = ridges.map((ridge) => leastSquares(moments, ridge))
  const errors = maps.map((map) => squaredError(map, check.x, check.y, inputs, outputs))
  return maps[errors.indexOf(Math.min(...errors))]!
}

function squaredError(map: Float64Array, x: Float32Array, y: Float32Array, inputs: number, outputs: number): number {
  let error = 0
  const row = new Float64Array(outputs)
  for (let n = 0; n * inputs < x.length; n++) {
    row.fill(0)
    for (let i = 0; i < inputs; i++) {
      const value = x[n * inputs + i]!
      for (let j = 0; j < outputs; j++) row[j]! += value * map[i * outputs + j]!
    }
    for (let j = 0; j < outputs; j++) error += (row[j]! - y[n * outputs + j]!) ** 2
  }
  return error
}
