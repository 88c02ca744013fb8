// Turns the weight files of the npm package @vladmandic/face-api (MIT) into safetensors, once:
//   npx node models/recipe/faces.ts
// The detector and the landmark net go into the built-in pack, the three that only evaluate beside the judges.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { writeSafetensors } from '../../src-main/engine/checkpoints/safetensors.ts'
import { float32, floatToHalf, type TensorData } from '../../src-main/engine/onnx/tensor.ts'

interface Entry {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'float32'
  readonly quantization?: { readonly dtype: 'uint8'; readonly scale: number; readonly min: number }
}

const models = join(dirname(fileURLToPath(import.meta.url)), '..')
const source = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')))

/** Every tensor of a net as float32 under `net/name`: bytes in the manifest's order, uint8 values are scale · q + min. */
export async function readNet(net: string): Promise<Record<string, TensorData>> {
  const manifest = JSON.parse(await readFile(join(source, 'model', `${net}_model-weights_manifest.json`), 'utf8')) as { weights: Entry[] }[]
  const bytes = await readFile(join(source, 'model', `${net}_model.bin`))
  const tensors: Record<string, TensorData> = {}
  let at = 0
  for (const { name, shape, quantization: q } of manifest.flatMap((group) => group.weights)) {
    const count = shape.reduce((n, d) => n * d, 1)
    const values = Float32Array.from({ length: count }, (_, i) => (q ? bytes[at + i]! * q.scale + q.min : bytes.readFloatLE(at + 4 * i)))
    tensors[`${net}/${name}`] = inOurOrder(name, float32(shape, values))
    at += q ? count : 4 * count
  }
  if (at !== bytes.length) throw new Error(`${net}: ${bytes.length - at} bytes are left over`)
  return tensors
}

/** TensorFlow's kernels [kH,kW,I,O] as [O,I,kH,kW]; depthwise ones [kH,kW,C,1] as [C,1,kH,kW]. Matrices stay [I,O]. */
function inOurOrder(name: string, t: TensorData): TensorData {
  if (t.shape.length !== 4) return t
  const [height, width, inputs, outputs] = t.shape as [number, number, number, number]
  const area = height * width
  const depthwise = name.endsWith('depthwise_filter')
  const out = new Float32Array(t.data.length)
  for (let k = 0; k < area; k++)
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++)
        out[(depthwise ? i * outputs + o : o * inputs + i) * area + k] = (t.data as Float32Array)[(k * inputs + i) * outputs + o]!
  return float32(depthwise ? [inputs, outputs, height, width] : [outputs, inputs, height, width], out)
}

function halved({ shape, data }: TensorData): TensorData {
  return { dtype: 'float16', shape, data: floatToHalf(data as Float32Array) }
}

async function convert(file: string, nets: readonly string[]): Promise<void> {
  const tensors: Record<string, TensorData> = {}
  for (const net of nets) for (const [name, t] of Object.entries(await readNet(net))) tensors[name] = halved(t)
  await mkdir(dirname(file), { recursive: true })
  await writeSafetensors(file, tensors, { source: '@vladmandic/face-api 1.7.15', licence: 'MIT' })
  await writeFile(file.replace(/\.safetensors$/, '.LICENSE.txt'), await readFile(join(source, 'LICENSE')))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await convert(join(models, 'portraits', 'weights', 'faces.safetensors'), ['tiny_face_detector', 'face_landmark_68'])
  await convert(join(models, 'judges', 'faces.safetensors'), ['face_recognition', 'face_expression', 'age_gender'])
}
