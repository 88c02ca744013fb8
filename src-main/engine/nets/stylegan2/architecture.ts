import { z } from 'zod'

/** StyleGAN2 with the skip architecture (arXiv 1912.04958, configuration F; NVlabs/stylegan2-ada-pytorch) as plain values. */
export const stylegan2Schema = z
  .object({
    zDim: z.int().min(1).max(4096),
    wDim: z.int().min(1).max(4096),
    /** Side of the image in pixels, a power of two. */
    imageSize: z.int().min(8).max(2048),
    /** Channels of the block of each resolution, from '4' to the image's size. */
    channels: z.record(z.string(), z.int().min(1).max(4096)),
    mappingLayers: z.int().min(1).max(32),
    /** NVIDIA's lr_multiplier of the mapping network: its weights and biases count for this much. */
    mappingRate: z.number().positive(),
    imageChannels: z.literal(3),
    /** Low-pass filter of the up-sampling, unnormalised. */
    fir: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    /** Convolution outputs are clamped to ±clamp (NVIDIA's conv_clamp); absent = not clamped. */
    clamp: z.number().positive().optional(),
    /** Conditional generators are not supported. */
    classes: z.literal(0),
  })
  .superRefine((a, context) => {
    const wanted = resolutions(a).map(String)
    if (!Number.isInteger(Math.log2(a.imageSize))) context.addIssue({ code: 'custom', message: 'the image size must be a power of two' })
    else if (Object.keys(a.channels).sort().join() !== wanted.sort().join())
      context.addIssue({ code: 'custom', message: `channels must be given for exactly the resolutions ${wanted.join(', ')}` })
    if (a.fir.reduce((sum, x) => sum + x) === 0) context.addIssue({ code: 'custom', message: 'the filter must not add up to zero' })
  })

export type StyleGan2 = z.infer<typeof stylegan2Schema>

/** 4, 8, … imageSize. */
export function resolutions(a: { readonly imageSize: number }): number[] {
  const all: number[] = []
  for (let r = 4; r <= a.imageSize; r *= 2) all.push(r)
  return all
}

/** Channels of the block at resolution r. */
export function channelsAt(a: StyleGan2, r: number): number {
  const channels = a.channels[r]
  if (channels === undefined) throw new RangeError(`no block of resolution ${r} in a generator of ${a.imageSize}²`)
  return channels
}

/** NVIDIA's widths: min(base / r, most) channels at resolution r. */
export function channelsFrom(imageSize: number, base: number, most = 512): Record<string, number> {
  return Object.fromEntries(resolutions({ imageSize }).map((r) => [String(r), Math.min(Math.floor(base / r), most)]))
}
