import type { TensorData } from '../../onnx/tensor.ts'

/** A found face: a box in pixels of the detector's input (top left corner, size) and how sure the net is, 0…1. */
export interface Detection {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly score: number
}

/** Widths and heights of the five prior boxes, in cells. */
const ANCHORS = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
] as const
const PER_ANCHOR = 5 // x, y, width, height, score

/**
 * Boxes out of the tiny face detector's output [1,25,cells,cells], best first. With c a cell, a an anchor, t the output:
 * centre = (c + σ(t_xy)) · inputSize / cells, size = a · exp(t_wh) · inputSize / cells, score = σ(t_s).
 * Kept are scores above `threshold` (face-api: 0.5) whose overlap (intersection over union) with every better box is at most `nms` (face-api: 0.4).
 */
export function decodeDetections(output: TensorData, inputSize: number, threshold = 0.5, nms = 0.4): Detection[] {
  const cells = output.shape[2]!
  const data = output.data as Float32Array
  const at = (anchor: number, k: number, place: number) => data[(anchor * PER_ANCHOR + k) * cells * cells + place]!
  const found: Detection[] = []
  for (let place = 0; place < cells * cells; place++) {
    ANCHORS.forEach(([anchorWidth, anchorHeight], anchor) => {
      const score = sigmoid(at(anchor, 4, place))
      if (score <= threshold) return
      const unit = inputSize / cells
      const centerX = ((place % cells) + sigmoid(at(anchor, 0, place))) * unit
      const centerY = (Math.floor(place / cells) + sigmoid(at(anchor, 1, place))) * unit
      const width = Math.exp(at(anchor, 2, place)) * anchorWidth * unit
      const height = Math.exp(at(anchor, 3, place)) * anchorHeight * unit
      found.push({ x: centerX - width / 2, y: centerY - height / 2, width, height, score })
    })
  }
  return suppress(found, nms)
}

/** Greedy non-maximum suppression. */
function suppress(found: readonly Detection[], nms: number): Detection[] {
  const kept: Detection[] = []
  for (const d of [...found].sort((a, b) => b.score - a.score)) if (kept.every((k) => overlap(k, d) <= nms)) kept.push(d)
  return kept
}

/** Intersection over union, 0…1. */
export function overlap(a: Detection, b: Detection): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  const common = Math.max(0, width) * Math.max(0, height)
  return common === 0 ? 0 : common / (a.width * a.height + b.width * b.height - common)
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
