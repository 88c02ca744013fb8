// Runs face-api's own networks on one photograph and writes goldens.safetensors: pictures in, raw outputs and detections out.
//   npx node make_goldens.mjs PHOTO        (PHOTO: NASA's portrait of Eileen Collins, 512x512, public domain)
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

// The bundle carries TensorFlow.js for browsers; a window with a document is all that it asks for before it uses the CPU.
globalThis.window = globalThis
globalThis.document = {}
const folder = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api')), '..')
const faceapi = await import(join(folder, 'dist/face-api.esm.js'))
const { tf } = faceapi
await tf.setBackend('cpu')
await tf.ready()

/** A net of face-api with the weights that its package carries. */
async function load(net, name) {
  const manifest = JSON.parse(readFileSync(join(folder, 'model', `${name}_model-weights_manifest.json`), 'utf8'))
  const weights = manifest.flatMap((group) => group.weights)
  const bytes = readFileSync(join(folder, 'model', `${name}_model.bin`))
  net.loadFromWeightMap(tf.io.decodeWeights(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), weights))
  return net
}

const photo = process.argv[2]
const pixels = async (size, box) => {
  const image = sharp(photo).removeAlpha()
  const part = box ? image.extract(box) : image
  return new Uint8Array(await part.resize(size, size, { fit: 'fill' }).raw().toBuffer())
}
const tensors = {}
const put = (name, dtype, shape, data) => (tensors[name] = { dtype, shape, data })
const asTensor = (rgb, size) => tf.tensor3d(Float32Array.from(rgb), [size, size, 3])
const keep = (name, t) => put(name, 'F32', t.shape, t.dataSync())

const detector = await load(new faceapi.TinyFaceDetector(), 'tiny_face_detector')
const keepDetections = async (name, rgb, size) => {
  const found = await detector.locateFaces(asTensor(rgb, size), { inputSize: size, scoreThreshold: 0.3 })
  const rows = found.flatMap((d) => [d.score, d.box.x, d.box.y, d.box.width, d.box.height])
  put(name, 'F32', [found.length, 5], Float32Array.from(rows))
  return found
}
const half = await pixels(256)
put('detector.input', 'U8', [256, 256, 3], half)
keep('detector.output', await detector.forward(asTensor(half, 256), 256))
const found = await keepDetections('detector.detections', half, 256)

const box = found[0].box
const side = Math.round(Math.max(box.width, box.height) * 2)
const face = { left: Math.round(box.x * 2), top: Math.round(box.y * 2), width: side, height: side }
const small = await pixels(112, face)
put('face.input', 'U8', [112, 112, 3], small)
keep('landmarks.output', await (await load(new faceapi.FaceLandmark68Net(), 'face_landmark_68')).forward(asTensor(small, 112)))
// The whole photograph: on the face alone the net is so sure that its softmax hides everything before it.
const whole = await pixels(112)
put('whole.input', 'U8', [112, 112, 3], whole)
keep('expression.output', await (await load(new faceapi.FaceExpressionNet(), 'face_expression')).forward(asTensor(whole, 112)))
const { age, gender } = await (await load(new faceapi.AgeGenderNet(), 'age_gender')).forward(await faceapi.toNetInput(asTensor(small, 112)))
keep('age.output', age)
keep('gender.output', gender)
const middle = await pixels(150, face)
put('identity.input', 'U8', [150, 150, 3], middle)
keep('identity.output', await (await load(new faceapi.FaceRecognitionNet(), 'face_recognition')).forward(asTensor(middle, 150)))

const head = {}
const blobs = []
let at = 0
for (const name of Object.keys(tensors).sort()) {
  const { dtype, shape, data } = tensors[name]
  head[name] = { dtype, shape, data_offsets: [at, at + data.byteLength] }
  blobs.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
  at += data.byteLength
}
let text = JSON.stringify(head)
text += ' '.repeat(-Buffer.byteLength(text) & 7)
const length = Buffer.alloc(8)
length.writeBigUInt64LE(BigInt(text.length))
const out = Buffer.concat([length, Buffer.from(text), ...blobs])
const file = process.argv[3] ?? join(dirname(fileURLToPath(import.meta.url)), 'goldens.safetensors')
writeFileSync(file, out)
console.log(file, out.length, createHash('sha256').update(out).digest('hex'))
for (const [name, t] of Object.entries(tensors))
  console.log(
    name,
    t.shape,
    Array.from(t.data.slice(0, 8))
      .map((x) => +x.toPrecision(5))
      .join(' '),
  )
