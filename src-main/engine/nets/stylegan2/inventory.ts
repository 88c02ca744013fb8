import { checkShape, type Parameters } from '../parameters.ts'
import { channelsAt, resolutions, type StyleGan2 } from './architecture.ts'

/** A parameter that a generator has, under NVIDIA's name. */
export interface ParameterSpec {
  readonly name: string
  readonly shape: readonly number[]
  /** Weights without it are complete: noise and buffers. */
  readonly optional?: true
}

/** Every parameter and buffer of the architecture, in NVIDIA's order of blocks. */
export function styleGan2Parameters(a: StyleGan2): ParameterSpec[] {
  const specs: ParameterSpec[] = []
  const need = (name: string, ...shape: number[]) => specs.push({ name, shape })
  const may = (name: string, ...shape: number[]) => specs.push({ name, shape, optional: true })
  for (let i = 0; i < a.mappingLayers; i++) {
    need(`mapping.fc${i}.weight`, a.wDim, i === 0 ? a.zDim : a.wDim)
    need(`mapping.fc${i}.bias`, a.wDim)
  }
  may('mapping.w_avg', a.wDim)
  for (const r of resolutions(a)) {
    const block = `synthesis.b${r}`
    const outputs = channelsAt(a, r)
    const affine = (layer: string, inputs: number) => {
      need(`${layer}.affine.weight`, inputs, a.wDim)
      need(`${layer}.affine.bias`, inputs)
    }
    may(`${block}.resample_filter`, a.fir.length, a.fir.length)
    if (r === 4) need(`${block}.const`, outputs, 4, 4)
    for (const conv of r === 4 ? ['conv1'] : ['conv0', 'conv1']) {
      const layer = `${block}.${conv}`
      const inputs = conv === 'conv0' ? channelsAt(a, r / 2) : outputs
      affine(layer, inputs)
      need(`${layer}.weight`, outputs, inputs, 3, 3)
      need(`${layer}.bias`, outputs)
      may(`${layer}.noise_strength`)
      may(`${layer}.noise_const`, r, r)
      may(`${layer}.resample_filter`, a.fir.length, a.fir.length)
    }
    affine(`${block}.torgb`, outputs)
    need(`${block}.torgb.weight`, a.imageChannels, outputs, 1, 1)
    need(`${block}.torgb.bias`, a.imageChannels)
  }
  return specs
}

/** @throws StudioError `parameters.missing`, `parameters.wrong-shape` for the first parameter that does not fit the architecture */
export function checkStyleGan2(a: StyleGan2, p: Parameters): void {
  for (const { name, shape, optional } of styleGan2Parameters(a)) if (!optional || p.has(name)) checkShape(p, name, shape)
}
