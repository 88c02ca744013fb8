import './no-eval.ts'
import { z } from 'zod'

/** A point in the upright photo's pixels: x to the right, y down, the first pixel's centre at (0.5, 0.5). */
export const photoPointSchema = z.tuple([z.number(), z.number()])
export type PhotoPoint = z.infer<typeof photoPointSchema>

/** A box in the upright photo's pixels. */
export const photoBoxSchema = z.object({ x: z.number(), y: z.number(), width: z.number().nonnegative(), height: z.number().nonnegative() })
export type PhotoBox = z.infer<typeof photoBoxSchema>

/** How the generator's aligned square lies in the photo: its centre, its side in photo pixels, its turn (radians, clockwise on screen). */
export const cropSchema = z.object({
  center: photoPointSchema,
  size: z.number().positive().max(200_000),
  angle: z.number().min(-Math.PI).max(Math.PI),
})
export type Crop = z.infer<typeof cropSchema>

/** The four corners of a crop in photo pixels, in the order of the square's corners (0,0), (1,0), (1,1), (0,1). */
export function cropCorners({ center: [cx, cy], size, angle }: Crop): PhotoPoint[] {
  const ux = (Math.cos(angle) * size) / 2
  const uy = (Math.sin(angle) * size) / 2
  return [
    [cx - ux + uy, cy - uy - ux],
    [cx + ux + uy, cy + uy - ux],
    [cx + ux - uy, cy + uy + ux],
    [cx - ux - uy, cy - uy + ux],
  ]
}
