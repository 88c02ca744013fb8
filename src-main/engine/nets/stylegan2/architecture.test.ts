import { describe, expect, it } from 'vitest'
import { StudioError } from '../../../contract/errors.ts'
import { float32, type TensorData } from '../../onnx/tensor.ts'
import { parametersFrom, type Parameters } from '../parameters.ts'
import { channelsFrom, stylegan2Schema, type StyleGan2 } from './architecture.ts'
import { inferStyleGan2 } from './infer.ts'
import { checkStyleGan2, styleGan2Parameters } from './inventory.ts'
import { styleLayout, wCount } from './layout.ts'
import { golden } from './testdata/goldens.ts'

const sized = (imageSize: number, base: number, most?: number): StyleGan2 => ({
  zDim: 512,
  wDim: 512,
  imageSize,
  channels: channelsFrom(imageSize, base, most),
  mappingLayers: 8,
  mappingRate: 0.01,
  imageChannels: 3,
  fir: [1, 3, 3, 1],
  classes: 0,
})

describe('the style layout', () => {
  it.each([
    [1024, 32768, 26, 9088],
    [512, 32768, 23, 8960],
    [256, 32768, 20, 8704],
    [256, 16384, 20, 7424],
    [128, 32768, 17, 8192],
  ])('of %i² with base %i has %i layers and %i channels', (size, base, layers, total) => {
    const layout = styleLayout(sized(size, base))
    expect(layout.layers.length).toBe(layers)
    expect(layout.total).toBe(total)
  })

  it('is in NVIDIA’s order, and ToRGB shares its w with the next convolution', () => {
    const { layers } = styleLayout(sized(16, 64))
    expect(layers.map((l) => `${l.name} ${l.wIndex} ${l.offset}+${l.channels}`)).toEqual([
      'b4.conv1 0 0+16',
      'b4.torgb 1 16+16',
      'b8.conv0 1 32+16',
      'b8.conv1 2 48+8',
      'b8.torgb 3 56+8',
      'b16.conv0 3 64+8',
      'b16.conv1 4 72+4',
      'b16.torgb 5 76+4',
    ])
    expect(wCount(sized(16, 64))).toBe(6)
  })
})

describe('inferring the architecture', () => {
  it('reads it off the shapes', () => {
    expect(inferStyleGan2(golden('g64-noise').p)).toEqual({
      ...sized(64, 1024, 24),
      zDim: 24,
      wDim: 32,
    })
    expect(inferStyleGan2(golden('g128-clamp').p, { clamp: 1.25 })).toEqual({
      ...sized(128, 4096, 32),
      zDim: 32,
      wDim: 24,
      mappingLayers: 2,
      clamp: 1.25,
    })
  })

  it('needs no buffers', () => {
    const { p } = golden('g64-noise')
    const bare: Parameters = { has: (name) => !/resample|noise|w_avg/.test(name) && p.has(name), tensor: (name) => p.tensor(name) }
    expect(inferStyleGan2(bare)).toEqual(inferStyleGan2(p))
  })

  it.each([
    ['synthesis.input.freqs', 'StyleGAN3'],
    ['mapping.embed.weight', 'conditional'],
    ['synthesis.b8.skip.weight', 'residual'],
  ])('refuses a net with %s', (name, word) => {
    const { p } = golden('g64-noise')
    const other: Parameters = { has: (n) => n === name || p.has(n), tensor: (n) => p.tensor(n) }
    expectError(() => inferStyleGan2(other), 'generator.unsupported', word)
  })

  it('names a tensor that is missing or has a wrong shape', () => {
    const a = sized(8, 8)
    const tensors: Record<string, TensorData> = Object.fromEntries(styleGan2Parameters(a).map((s) => [s.name, float32(s.shape)]))
    checkStyleGan2(a, parametersFrom(tensors))
    const { 'synthesis.b8.conv0.bias': bias, ...rest } = tensors
    expect(bias?.shape).toEqual([1])
    expectError(() => checkStyleGan2(a, parametersFrom(rest)), 'parameters.missing', 'synthesis.b8.conv0.bias')
    const wrong = parametersFrom({ ...tensors, 'synthesis.b8.conv0.bias': float32([3]) })
    expectError(() => checkStyleGan2(a, wrong), 'parameters.wrong-shape', '[3], the architecture wants [1]')
  })
})

it('refuses architectures that contradict themselves', () => {
  const a = sized(64, 1024)
  expect(stylegan2Schema.safeParse(a).success).toBe(true)
  expect(stylegan2Schema.safeParse({ ...a, imageSize: 96 }).success).toBe(false)
  expect(stylegan2Schema.safeParse({ ...a, imageSize: 128 }).success).toBe(false)
  expect(stylegan2Schema.safeParse({ ...a, fir: [1, -1, 1, -1] }).success).toBe(false)
  expect(stylegan2Schema.safeParse({ ...a, classes: 10 }).success).toBe(false)
})

function expectError(act: () => unknown, code: string, words: string): void {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(StudioError)
    expect((error as StudioError).code).toBe(code)
    expect((error as StudioError).message).toContain(words)
    return
  }
  expect.unreachable(`no ${code}`)
}
