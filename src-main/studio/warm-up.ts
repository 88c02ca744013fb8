import { float32 } from '../engine/onnx/tensor.ts'
import type { OpenPack, PackShelf } from './packs.ts'

/**
 * What makes the networks of a pack ready before anybody needs them, as steps short enough to let a person's own job in between: the first prompt on
 * a photo then costs no more than the second. A pack that cannot work says so when it is used, not here.
 */
export function warmUpSteps(shelf: PackShelf, id: string): (() => Promise<unknown>)[] {
  const open = () => shelf.open(id)
  const zeros = (...shape: number[]) => float32(shape)
  const square = ({ pack }: OpenPack) => zeros(1, 3, pack.manifest.imageSize, pack.manifest.imageSize)
  return [
    open,
    async () => {
      const opened = await open()
      if (opened.pack.has('encoder')) await opened.models.encode(square(opened))
    },
    async () => {
      const { models, statistics } = await open()
      await models.synthesize(float32([1, statistics.sCenter.length], statistics.sCenter))
    },
    async () => {
      const opened = await open()
      await opened.models.embedImage(square(opened))
    },
    async () => {
      const { models, statistics } = await open()
      await models.bridge(zeros(1, statistics.fCenterImage.length))
    },
    async () => {
      const { models, pack } = await open()
      await models.embedText(pack.manifest.neutralTexts)
    },
  ]
}
