import { readFileSync } from 'node:fs'
import { parseSafetensors } from '../../checkpoints/safetensors.ts'
import { Graph, type Value } from '../../onnx/graph.ts'
import { float32, type TensorData } from '../../onnx/tensor.ts'
import { cpu } from '../../runtime/devices.ts'
import { createSession } from '../../runtime/session.ts'
import type { Parameters } from '../parameters.ts'
import { ageGender } from './age-gender.ts'
import { faceExpression } from './expression.ts'
import { faceLandmark68 } from './landmarks.ts'
import { faceRecognition } from './recognition.ts'
import { tinyFaceDetector } from './tiny-face-detector.ts'

const { tensors } = parseSafetensors(readFileSync(new URL('testdata/goldens.safetensors', import.meta.url)))
export const golden = (name: string): TensorData => tensors.get(name)!

/** A golden picture, bytes [H,W,3], as the nets take it: [1,3,H,W] in [-1,1]. */
function picture(name: string): TensorData {
  const { shape, data } = golden(name)
  const [height, width] = shape as [number, number]
  const area = height * width
  return float32(
    [1, 3, height, width],
    Float32Array.from({ length: 3 * area }, (_, i) => (data[(i % area) * 3 + Math.floor(i / area)] as number) / 127.5 - 1),
  )
}

type Build = (g: Graph, p: Parameters, image: Value) => Record<string, Value>

/** The five nets: their golden picture, and their outputs under the goldens' names. */
export const NETS: Readonly<Record<string, { input: string; build: Build }>> = {
  tiny_face_detector: {
    input: 'detector.input',
    build: (g, p, x) => ({ 'detector.output': g.transpose(tinyFaceDetector(g, p, x), [0, 2, 3, 1]) }),
  },
  face_landmark_68: { input: 'face.input', build: (g, p, x) => ({ 'landmarks.output': faceLandmark68(g, p, x) }) },
  face_expression: { input: 'whole.input', build: (g, p, x) => ({ 'expression.output': faceExpression(g, p, x) }) },
  age_gender: {
    input: 'face.input',
    build: (g, p, x) => {
      const { age, gender } = ageGender(g, p, x)
      return { 'age.output': g.reshape(age, [-1]), 'gender.output': gender }
    },
  },
  face_recognition: { input: 'identity.input', build: (g, p, x) => ({ 'identity.output': faceRecognition(g, p, x) }) },
}

/** Runs a net on its golden picture. */
export async function runNet(net: string, p: Parameters): Promise<Record<string, TensorData>> {
  const { input, build } = NETS[net]!
  const x = picture(input)
  const g = new Graph(net)
  for (const [name, value] of Object.entries(build(g, p, g.input('x', ['N', ...x.shape.slice(1)])))) g.output(name, value)
  const session = await createSession(g, cpu(1))
  const results = await session.run({ x })
  await session.release()
  return results
}

/** Largest |a − b| / max(1, largest |b|): absolute where values are below one (boxes, landmarks, probabilities), relative for years. */
export function difference(a: TensorData, b: TensorData): number {
  if (a.shape.join() !== b.shape.join()) throw new RangeError(`[${a.shape.join()}] is not [${b.shape.join()}]`)
  const [left, right] = [a.data as Float32Array, b.data as Float32Array]
  const size = right.reduce((most, x) => Math.max(most, Math.abs(x)), 1)
  return left.reduce((worst, x, i) => Math.max(worst, Math.abs(x - right[i]!)), 0) / size
}
