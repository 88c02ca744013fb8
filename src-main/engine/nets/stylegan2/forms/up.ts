import { float32 } from '../../../onnx/tensor.ts'
import type { Form } from './form.ts'
import { interleave } from './interleave.ts'
import { depthwise, firKernel, foldFir, swapChannels } from './kernels.ts'

/** An up-sampling layer as the paper has it: transposed 3×3 convolution with stride 2, to 2h + 1, then the 4×4 low-pass filter. */
export const plainUp: Form = (g, { name, weight, fir }, x) => {
  const [outputs, inputs] = weight.shape as [number, number]
  const swapped = swapChannels(weight.data as Float32Array, outputs, inputs, [3, 3])
  const y = g.convTranspose(x, g.initializer(`${name}.swapped`, swapped), undefined, { strides: 2 }) // [N,O,2h+1,2h+1]
  return g.conv(y, g.constant(lowPass(fir, outputs)), undefined, { pads: 1, group: outputs })
}

/** Kernel and filter folded into one 6×6 transposed convolution, stride 2. */
export const transposed6: Form = (g, { name, weight, fir }, x) => {
  const [outputs, inputs] = weight.shape as [number, number]
  const folded = swapChannels(foldFir(weight, fir), outputs, inputs, [6, 6])
  return g.convTranspose(x, g.initializer(`${name}.folded6`, folded), undefined, { strides: 2, pads: 2 })
}

/**
 * The same folded kernel as four phases: pixel (2i + a, 2j + b) sees the taps 4 − 2t + a of the 6×6 kernel at input pixel i + t − 1, so a
 * plain 3×3 convolution makes 4·O channels, which move to space.
 */
export const depthToSpace: Form = (g, { name, weight, fir, inputSize }, x) => {
  const [outputs, inputs] = weight.shape as [number, number]
  const folded = foldFir(weight, fir)
  const phases = new Float32Array(4 * outputs * inputs * 9)
  for (let o = 0; o < outputs; o++)
    for (let phase = 0; phase < 4; phase++)
      for (let i = 0; i < inputs; i++)
        for (let tap = 0; tap < 9; tap++) {
          const y = 4 - 2 * Math.floor(tap / 3) + (phase >> 1)
          const x = 4 - 2 * (tap % 3) + (phase & 1)
          phases[((phase * outputs + o) * inputs + i) * 9 + tap] = folded[(o * inputs + i) * 36 + y * 6 + x]!
        }
  const w = g.initializer(`${name}.phases3`, float32([4 * outputs, inputs, 3, 3], phases))
  return interleave(g, g.conv(x, w, undefined, { pads: 1 }), 2, outputs, inputSize)
}

/**
 * The transposed 3×3 convolution as four phases with 4, 2, 2 and 1 taps (even rows see taps 2 and 0 of pixels i − 1 and i, odd rows tap 1
 * of pixel i), then the filter: a quarter of the products of the folded forms.
 */
export const fourPhases: Form = (g, { name, weight, fir, inputSize }, x) => {
  const [outputs, inputs] = weight.shape as [number, number]
  const w = weight.data as Float32Array
  const taps = (odd: boolean) => (odd ? [1] : [2, 0])
  const parts = [0, 1, 2, 3].map((phase) => {
    const [ys, xs] = [taps(phase >= 2), taps(phase % 2 === 1)]
    const data = new Float32Array(outputs * inputs * ys.length * xs.length)
    let at = 0
    for (let k = 0; k < outputs * inputs; k++) for (const y of ys) for (const x of xs) data[at++] = w[k * 9 + y * 3 + x]!
    const part = g.initializer(`${name}.phase${phase}`, float32([outputs, inputs, ys.length, xs.length], data))
    // Every phase is made h + 1 long; the last odd row and column see only padding and are zero, as they must be.
    return g.conv(x, part, undefined, { pads: [ys.length - 1, xs.length - 1, 1, 1] })
  })
  const y = interleave(g, g.concat(parts, 1), 2, outputs, inputSize + 1) // [N,O,2h+2,2h+2]
  return g.conv(y, g.constant(lowPass(fir, outputs)), undefined, { pads: [1, 1, 0, 0], group: outputs })
}

/** Depthwise kernel of the low-pass filter with gain 4; a convolution, so the filter is turned round for ONNX's correlation. */
function lowPass(fir: readonly number[], channels: number) {
  return depthwise(firKernel(fir.toReversed(), 4), channels)
}
