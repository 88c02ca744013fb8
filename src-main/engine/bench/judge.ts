import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readSafetensors } from '../checkpoints/safetensors.ts'
import { convNet } from '../nets/convnet.ts'
import { ageGender } from '../nets/faces/age-gender.ts'
import { EXPRESSIONS, faceExpression } from '../nets/faces/expression.ts'
import { faceRecognition } from '../nets/faces/recognition.ts'
import { parametersFrom, type Parameters } from '../nets/parameters.ts'
import { Graph } from '../onnx/graph.ts'
import type { TensorData } from '../onnx/tensor.ts'
import type { Device } from '../runtime/devices.ts'
import { createSession, type Session } from '../runtime/session.ts'

const outputSchema = z.discriminatedUnion('kind', [
  z.object({ name: z.string(), kind: z.literal('number'), mean: z.number(), deviation: z.number() }),
  z.object({ name: z.string(), kind: z.literal('option'), option: z.string() }),
])
export type JudgeOutput = z.infer<typeof outputSchema>

/** The aligned square's part that holds the face (FFHQ: brows at .3, chin at .95), as shares of its side. */
const face = { left: 0.15, top: 0.25, side: 0.7 }

/** What the judges say of N pictures. */
export interface Verdicts {
  /** [N][outputs]: numbers in standard deviations, options as logits */
  readonly attributes: Float32Array[]
  /** [N][128], face-api's identity descriptor */
  readonly identities: Float32Array[]
  /** [N], face-api's probability of a happy face, and its age in years */
  readonly happy: number[]
  readonly years: number[]
}

/**
 * Nets that tell what an edit did, from pictures alone: the attribute net of the recipe, trained on other people than everything else,
 * and face-api's identity descriptor, expressions and ages, trained on photographs by others. Only the evaluation loads them.
 */
export class Judge {
  readonly outputs: readonly JudgeOutput[]
  readonly #session: Session

  constructor(outputs: readonly JudgeOutput[], session: Session) {
    this.outputs = outputs
    this.#session = session
  }

  /** Judges pictures [N,3,R,R] in [-1,1]. */
  async look(image: TensorData): Promise<Verdicts> {
    const { attributes, identity, expression, age } = await this.#session.run({ image })
    const happy = rows(expression!).map((row) => row[EXPRESSIONS.indexOf('happy')]!)
    return { attributes: rows(attributes!), identities: rows(identity!), happy, years: rows(age!).map((row) => row[0]!) }
  }

  release(): Promise<void> {
    return this.#session.release()
  }
}

/** Opens the judges (judge.safetensors, judge.json, faces.safetensors) for pictures of `size`². */
export async function openJudge(folder: string, size: number, device: Device, options: { threads?: number } = {}): Promise<Judge> {
  const { outputs } = z.object({ outputs: z.array(outputSchema) }).parse(JSON.parse(await readFile(join(folder, 'judge.json'), 'utf8')))
  const g = new Graph('judge')
  const raw = g.input('image', ['N', 3, size, size])
  const image = g.clip(raw, -1, 1)
  g.output('attributes', convNet(g, await weights(join(folder, 'judge.safetensors')), image, outputs.length))
  const at = (share: number) => Math.round(share * size)
  const [left, top, side] = [at(face.left), at(face.top), at(face.side)]
  const inner = g.slice(g.slice(image, 2, top, top + side), 3, left, left + side)
  const faces = await weights(join(folder, 'faces.safetensors'))
  g.output('identity', faceRecognition(g, faces, inner))
  g.output('expression', faceExpression(g, faces, inner))
  g.output('age', ageGender(g, faces, inner).age)
  return new Judge(outputs, await createSession(g, device, options))
}

async function weights(file: string): Promise<Parameters> {
  const opened = await readSafetensors(file)
  try {
    return parametersFrom(await opened.readAllFloat32())
  } finally {
    await opened.close()
  }
}

function rows({ shape, data }: TensorData): Float32Array[] {
  const [count = 0, width = 0] = shape
  return Array.from({ length: count }, (_, i) => (data as Float32Array).slice(i * width, (i + 1) * width))
}
