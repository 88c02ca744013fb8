import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseSafetensors } from '../../checkpoints/safetensors.ts'
import { Graph } from '../../onnx/graph.ts'
import { toFloat32, type TensorData } from '../../onnx/tensor.ts'
import { parametersFrom } from '../parameters.ts'
import { decodeDetections } from './detections.ts'
import { EXPRESSIONS } from './expression.ts'
import { difference, golden, NETS, runNet } from './testing.ts'
import { tinyFaceDetector } from './tiny-face-detector.ts'

/** The weights as they ship, float16. */
function shipped(path: string): Record<string, TensorData> {
  const { tensors } = parseSafetensors(readFileSync(new URL(`../../../../models/${path}`, import.meta.url)))
  return Object.fromEntries([...tensors].map(([name, t]) => [name, toFloat32(t)]))
}
const p = parametersFrom({ ...shipped('portraits/weights/faces.safetensors'), ...shipped('judges/faces.safetensors') })

describe('the shipped float16 weights give face-api’s own results', () => {
  test.each(Object.keys(NETS))('%s', async (net) => {
    for (const [name, found] of Object.entries(await runNet(net, p))) expect(difference(found, golden(name)), name).toBeLessThan(1e-3)
  })
})

test('the photographed face is found where face-api finds it', async () => {
  const { 'detector.output': nhwc } = await runNet('tiny_face_detector', p)
  const [, cells, , channels] = nhwc!.shape as [number, number, number, number]
  const data = Float32Array.from({ length: nhwc!.data.length }, (_, i) =>
    Number(nhwc!.data[(i % cells ** 2) * channels + Math.floor(i / cells ** 2)]),
  )
  const found = decodeDetections({ dtype: 'float32', shape: [1, channels, cells, cells], data }, 256, 0.3)
  const [score, x, y, width, height] = golden('detector.detections').data as Float32Array
  expect(found).toHaveLength(1)
  expect(found[0]!.score).toBeCloseTo(score!, 3)
  for (const [ours, theirs] of [
    [found[0]!.x, x],
    [found[0]!.y, y],
    [found[0]!.width, width],
    [found[0]!.height, height],
  ] as const)
    expect(ours).toBeCloseTo(theirs!, 1)
})

test('the portrait smiles', async () => {
  const { 'expression.output': y } = await runNet('face_expression', p)
  const probabilities = Array.from(y!.data as Float32Array)
  expect(EXPRESSIONS[probabilities.indexOf(Math.max(...probabilities))]).toBe('happy')
})

test('a picture that 32 does not divide is refused', () => {
  const g = new Graph('detector')
  expect(() => tinyFaceDetector(g, p, g.input('x', ['N', 3, 100, 100]))).toThrow(/32/)
})
