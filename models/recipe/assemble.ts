// The recipe's exports as a pack without a bridge: npx node models/recipe/assemble.ts [EXPORT-FOLDER] [PACK-FOLDER] [JUDGES-FOLDER]
// Architectures are read off the weights; the judge goes into a folder of its own, since only the evaluation may use it.
import { copyFile, mkdir, readdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSafetensors } from '../../src-main/engine/checkpoints/safetensors.ts'
import { inferClip } from '../../src-main/engine/nets/clip/infer.ts'
import { checkShape, parametersFrom, type Parameters } from '../../src-main/engine/nets/parameters.ts'
import { inferStyleGan2 } from '../../src-main/engine/nets/stylegan2/infer.ts'
import { styleLayout, wCount } from '../../src-main/engine/nets/stylegan2/layout.ts'
import { partPath, tokenizerPath } from '../../src-main/engine/packs/pack.ts'
import { writePack, type FileSource } from '../../src-main/engine/packs/write.ts'
import { packCard } from './pack-card.ts'

const here = dirname(fileURLToPath(import.meta.url))
const [exports = join(here, 'work', 'export'), folder = join(here, '..', 'portraits'), judges = join(here, '..', 'judges')] =
  process.argv.slice(2)

const generator = inferStyleGan2(await weightsOf('generator'))
const clip = inferClip(await weightsOf('clip'))
const outputs = wCount(generator) * generator.wDim
const encoder = await weightsOf('encoder')
checkShape(encoder, 'output.weight', [outputs, encoder.tensor('hidden.bias').shape[0] ?? 0])
const { layers } = styleLayout(generator)

const files: Record<string, FileSource> = { [tokenizerPath]: { copyOf: join(exports, 'tokenizer.json') } }
for (const part of ['generator', 'clip', 'encoder'] as const) files[partPath(part)] = { copyOf: join(exports, `${part}.safetensors`) }
// The face nets were put there by faces.ts, with their licence.
for (const name of await readdir(join(folder, 'weights')))
  if (name.startsWith('faces.')) files[`weights/${name}`] = { copyOf: join(folder, 'weights', name) }

const manifest = await writePack(
  folder,
  {
    ...packCard,
    imageSize: generator.imageSize,
    generator,
    clip,
    encoder: { kind: 'convnet', outputs },
    styleLayout: layers.map(({ name, resolution, offset, channels, kind }) => ({ layer: name, resolution, offset, channels, kind })),
  },
  files,
)
await mkdir(judges, { recursive: true })
for (const name of ['judge.safetensors', 'judge.json']) await replace(join(exports, name), join(judges, name))
const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
console.log(
  `${folder}: ${manifest.files.length} files, ${(bytes / 1e6).toFixed(1)} MB, ${layers.length} style layers. Not aligned yet: run models/recipe/align.ts.`,
)

async function weightsOf(part: string): Promise<Parameters> {
  const opened = await readSafetensors(join(exports, `${part}.safetensors`))
  try {
    return parametersFrom(await opened.readAllFloat32())
  } finally {
    await opened.close()
  }
}

async function replace(from: string, to: string): Promise<void> {
  await copyFile(from, `${to}.part`)
  await rename(`${to}.part`, to)
}
