import { channelsAt, resolutions, type StyleGan2 } from './architecture.ts'

/** The place of one layer's style in s. */
export interface StyleLayer {
  /** 'b64.conv0'; the layer's parameters are `synthesis.<name>.…`. */
  readonly name: string
  readonly kind: 'conv' | 'toRgb'
  /** Side of the layer's output in pixels. */
  readonly resolution: number
  /** Its style is s[offset … offset + channels). */
  readonly offset: number
  /** A style has the layer's *input* channels. */
  readonly channels: number
  /** The row of wPlus that feeds it. */
  readonly wIndex: number
}

export interface StyleLayout {
  readonly layers: readonly StyleLayer[]
  /** S, the width of s. */
  readonly total: number
}

/**
 * The style layout in NVIDIA's order: b4.conv1, b4.torgb, b8.conv0, b8.conv1, b8.torgb, … A block's ToRGB shares its w with the
 * next block's first convolution, so that L = 2·log2(R) − 2.
 */
export function styleLayout(a: StyleGan2): StyleLayout {
  const layers: StyleLayer[] = []
  let offset = 0
  let wIndex = 0
  const add = (name: string, kind: StyleLayer['kind'], resolution: number, channels: number) => {
    layers.push({ name, kind, resolution, offset, channels, wIndex })
    offset += channels
    if (kind === 'conv') wIndex++
  }
  for (const r of resolutions(a)) {
    if (r > 4) add(`b${r}.conv0`, 'conv', r, channelsAt(a, r / 2))
    add(`b${r}.conv1`, 'conv', r, channelsAt(a, r))
    add(`b${r}.torgb`, 'toRgb', r, channelsAt(a, r))
  }
  return { layers, total: offset }
}

/** L, the rows of wPlus. */
export function wCount(a: StyleGan2): number {
  return 2 * Math.log2(a.imageSize) - 2
}
