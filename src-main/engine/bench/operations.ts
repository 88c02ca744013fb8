import { channelsAt, resolutions, type StyleGan2 } from '../nets/stylegan2/index.ts'

/**
 * Floating-point operations (a multiplication and an addition are two) that the convolutions of one image take as the paper defines them: 9
 * products for each output pixel of a 3×3 convolution, 9 for each *input* pixel of an up-sampling one, 1 for ToRGB. Filters, modulation and
 * activations are left out, so what a machine takes is never less than operations ÷ rate unless it computes fewer products.
 */
export function synthesisOperations(a: StyleGan2): number {
  let products = 0
  for (const r of resolutions(a)) {
    const outputs = channelsAt(a, r)
    if (r > 4) products += (r / 2) ** 2 * 9 * channelsAt(a, r / 2) * outputs
    products += r ** 2 * (9 * outputs * outputs + a.imageChannels * outputs)
  }
  return 2 * products
}
