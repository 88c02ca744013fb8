import { extname } from 'node:path'
import sharp from 'sharp'
import { StudioError } from '../../contract/errors.ts'
import type { Crop } from '../../contract/geometry.ts'
import { encodeSafetensors } from '../../engine/checkpoints/safetensors.ts'
import type { TensorData } from '../../engine/onnx/tensor.ts'
import { latentMetadata, latentOfFile, latentOfSeed, latentOfText } from '../../studio/latents.ts'
import type { OpenPack } from '../../studio/packs.ts'
import { samplesOf } from '../../studio/pictures.ts'
import { choosePack, type CliStudio } from './cli-studio.ts'
import { openForEdit } from './open-photo.ts'
import { exportFormat, keepOriginal, writeResult } from './files.ts'
import type { Report } from './report.ts'

export interface GenerateOptions {
  readonly text?: string
  readonly seed?: number
  readonly latents?: string
  readonly pack?: string
  readonly out: string
}

/** `generate [--text … | --seed N | --latents FILE] --out FILE.png|FILE.safetensors`. */
export async function generateCommand(cli: CliStudio, report: Report, options: GenerateOptions): Promise<void> {
  const open = await cli.studio.shelf.open(await choosePack(cli, options.pack))
  const { text, seed = 0, latents } = options
  const s = await (text !== undefined
    ? latentOfText(open, text)
    : latents !== undefined
      ? latentOfFile(open, latents)
      : latentOfSeed(open, seed))
  const origin: Record<string, string> = text !== undefined ? { text } : latents !== undefined ? { latents } : { seed: String(seed) }
  await writeLatentOrPicture(open, s, options.out, origin)
  report.result(`${options.out}: made with "${open.pack.manifest.title}".`, { file: options.out, ...origin })
}

export interface InvertOptions {
  readonly quality: 'instant' | 'refined'
  readonly face?: number
  readonly crop?: Crop
  readonly pack?: string
  readonly out: string
}

/** `invert PHOTO --out latents.safetensors`: the photo's latent, or with a picture's name what the generator makes of it. */
export async function invertCommand(cli: CliStudio, report: Report, path: string, options: InvertOptions): Promise<void> {
  await keepOriginal(path, options.out)
  const { opened, crops, pack } = await openForEdit(cli, report, path, options)
  const open = await cli.studio.shelf.open(pack)
  const { desk, inversions } = cli.studio.parts
  const photo = () => desk.get(opened.id, opened.name)
  const { quality } = options
  const { s, method, closeness } = await inversions.get(
    { photoId: opened.id, photo, crop: crops[0]!, open, quality },
    { onStep: ({ step, of }) => report.progress({ stage: 'refine', step, of }) },
  )
  await writeLatentOrPicture(open, s, options.out, { photo: opened.id, crop: JSON.stringify(crops[0]), method, quality })
  const { psnr, semantic, percent } = closeness
  const sentence = `${options.out}: ${how[method]}, ${percent} % close (${psnr.toFixed(1)} dB, ${semantic.toFixed(2)} in meaning).`
  report.result(sentence, { file: options.out, method, closeness: { psnr, semantic, percent } })
}

/** How a latent was found, as the sentence says it. */
const how = {
  encoder: 'inverted by the encoder',
  bridge: 'inverted by the bridge',
  refined: 'inverted and refined',
  tuned: 'inverted, the generator tuned to it',
} as const

async function writeLatentOrPicture(open: OpenPack, s: TensorData, out: string, origin: Record<string, string>): Promise<void> {
  if (extname(out).toLowerCase() === '.safetensors') return writeResult(out, encodeSafetensors({ s }, latentMetadata(open, origin)))
  const format = exportFormat(out, 'png')
  const { data, width, height } = samplesOf(await open.models.synthesize(s))
  const picture = sharp(data, { raw: { width, height, channels: 3 } }).withIccProfile('srgb')
  if (format === 'psd') {
    throw new StudioError('cli.unknown-format', {
      where: out,
      what: 'a picture without layers is no PSD',
      todo: 'End it with .png, .jpg or .tif.',
    })
  }
  await writeResult(out, await picture.toFormat(format, { quality: 95 }).toBuffer())
}
