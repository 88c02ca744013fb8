/** The size of an export, in pixels: the longer side at most `maxSide`, never enlarged, no side below 1. */
export function exportSize(width: number, height: number, maxSide: number | undefined): { width: number; height: number } {
  const longer = Math.max(width, height)
  if (maxSide === undefined || longer <= maxSide) return { width, height }
  const scale = maxSide / longer
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
