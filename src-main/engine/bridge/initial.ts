import { bridgeShapes, type Bridge } from '../nets/bridge.ts'
import { floats, type Parameters } from '../nets/parameters.ts'
import type { StyleGan2 } from '../nets/stylegan2/architecture.ts'
import { styleLayout } from '../nets/stylegan2/layout.ts'
import { float32, type TensorData } from '../onnx/tensor.ts'
import type { Random } from '../runtime/random.ts'

/**
 * The generator's affines of all style layers as one matrix A [S,W], with NVIDIA's equalised rate 1/√W in it: s = A·w + b, so that
 * Δs = A·Δw holds exactly for every sample.
 */
export function affineMatrix(a: StyleGan2, p: Parameters): TensorData {
  const { layers, total } = styleLayout(a)
  const matrix = float32([total, a.wDim])
  for (const { name, offset } of layers) {
    const rows = floats(p, `synthesis.${name}.affine.weight`)
    ;(matrix.data as Float32Array).set(
      rows.map((x) => x / Math.sqrt(a.wDim)),
      offset * a.wDim,
    )
  }
  return matrix
}

/**
 * Where training starts (METHOD 2.3, 2.5): the trunk random (He, for LeakyReLU 0.2), the heads the generator's own affines, the mixing
 * module the identity, since its last layer is zero.
 */
export function initialBridge(a: Bridge, affines: TensorData, random: Random): Record<string, TensorData> {
  const parameters: Record<string, TensorData> = {}
  for (const [name, shape] of Object.entries(bridgeShapes(a))) {
    const zero = name.endsWith('.bias') || name === 'asm.1.weight'
    parameters[name] =
      name === 'heads.weight' ? { ...affines, data: affines.data.slice() } : zero ? float32(shape) : scaledNormals(shape, random.fork(name))
  }
  return parameters
}

function scaledNormals(shape: readonly number[], random: Random): TensorData {
  const [outputs = 0, inputs = 0] = shape
  const scale = Math.sqrt(2 / (1 + 0.2 ** 2) / inputs)
  return float32(
    shape,
    random.normals(outputs * inputs).map((x) => x * scale),
  )
}
