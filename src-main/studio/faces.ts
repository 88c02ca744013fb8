import type { Face } from '../contract/calls.ts'
import { decodeDetections } from '../engine/nets/faces/detections.ts'
import { faceLandmark68 } from '../engine/nets/faces/landmarks.ts'
import { tinyFaceDetector } from '../engine/nets/faces/tiny-face-detector.ts'
import { Graph } from '../engine/onnx/graph.ts'
import type { Pack } from '../engine/packs/pack.ts'
import { detectFaces, type FaceModels } from '../engine/photos/faces.ts'
import { ffhqCrop } from '../engine/photos/ffhq.ts'
import type { Photo } from '../engine/photos/photo.ts'
import { cpu } from '../engine/runtime/devices.ts'
import { createSession, type Session } from '../engine/runtime/session.ts'
import { cropOf } from './crops.ts'
import { Memo } from './memo.ts'

const DETECTOR_SIDE = 416
const LANDMARK_SIDE = 112
/** Face-api's own threshold; a photo's only face is often in shadow or turned away, and a wrong outline costs one click. */
const THRESHOLD = 0.4

/** Finds faces for packs whose crop follows a face. The nets are so small that the processor is the fastest place for them. */
export class FaceFinder {
  private readonly threads: number | undefined
  private readonly models = new Memo<FaceModels>(2)
  private readonly found = new Memo<Face[]>(16)

  constructor(threads?: number) {
    this.threads = threads
  }

  /** The faces of a photo, the largest first, each with its crop; none for a pack that takes any square. */
  async find(pack: Pack, photoId: string, photo: Photo): Promise<Face[]> {
    if (pack.manifest.crop !== 'ffhq' || !pack.has('faces')) return []
    return this.found.get(`${pack.hash} ${photoId}`, async () => {
      const models = await this.models.get(pack.hash, () => faceModels(pack, this.threads))
      const faces = await detectFaces(models, photo)
      return faces.map(({ box, score, landmarks }) => ({
        box,
        score,
        landmarks: landmarks.map(([x, y]): [number, number] => [x, y]),
        crop: cropOf(ffhqCrop(landmarks)),
      }))
    })
  }
}

async function faceModels(pack: Pack, threads?: number): Promise<FaceModels> {
  const p = await pack.parameters('faces')
  const session = (name: string, side: number, build: typeof tinyFaceDetector): Promise<Session> => {
    const g = new Graph(name)
    g.output('y', build(g, p, g.input('image', [1, 3, side, side])))
    return createSession(g, cpu(threads))
  }
  const detector = await session('faces', DETECTOR_SIDE, tinyFaceDetector)
  const landmarks = await session('landmarks', LANDMARK_SIDE, faceLandmark68)
  return {
    detectorSize: DETECTOR_SIDE,
    detect: async (image) => {
      const { y } = await detector.run({ image })
      return decodeDetections(y!, DETECTOR_SIDE, THRESHOLD).map(({ score, ...box }) => ({ box, score }))
    },
    landmarkSize: LANDMARK_SIDE,
    landmarks: async (image) => (await landmarks.run({ image })).y!.data as Float32Array,
  }
}
