import { readFileSync } from 'node:fs'
import { parseSafetensors } from '../../../checkpoints/safetensors.ts'
import type { TensorData } from '../../../onnx/tensor.ts'
import { parametersFrom, type Parameters } from '../../parameters.ts'

/** A case of ORIGIN.md: NVIDIA's weights and what NVIDIA's code made of them. */
export interface Golden {
  readonly p: Parameters
  readonly result: (name: 'z' | 'w' | 'wPlus' | 's' | 'image.none' | 'image.const') => TensorData
}

export type GoldenName = 'g64-noise' | 'g128-clamp' | 'g256'

export function golden(name: GoldenName): Golden {
  const url = new URL(`./${name}.safetensors`, import.meta.url)
  const tensors = Object.fromEntries(parseSafetensors(readFileSync(url), name).tensors)
  return { p: parametersFrom(tensors), result: (key) => parametersFrom(tensors, 'golden.').tensor(key) }
}
