import { InvalidArgumentError } from 'commander'
import { STRENGTH_LIMIT } from '../../contract/document.ts'
import type { Crop } from '../../contract/geometry.ts'

/** Parsers of option values; each refuses with a sentence that says what would be right. */

export function strength(text: string): number {
  return numberWithin(text, -STRENGTH_LIMIT, STRENGTH_LIMIT, `A strength is a number from −${STRENGTH_LIMIT} to ${STRENGTH_LIMIT}.`)
}

export function focus(text: string): 'auto' | number {
  return text === 'auto' ? 'auto' : numberWithin(text, 0, 1, 'A focus is "auto" or a number from 0 to 1.')
}

export function face(text: string): 'all' | number {
  return text === 'all' ? 'all' : wholeWithin(text, 1, 1000, 'A face is "all" or a number; 1 is the largest.')
}

/** "512,400,300" or "512,400,300,-5": centre and side in photo pixels, turn in degrees, clockwise. */
export function crop(text: string): Crop {
  const numbers = text.split(',').map(Number)
  const [x = NaN, y = NaN, size = NaN, degrees = 0] = numbers
  const fits = (numbers.length === 3 || numbers.length === 4) && numbers.every(Number.isFinite) && size > 0 && Math.abs(degrees) <= 180
  if (!fits) throw new InvalidArgumentError('A crop is x,y,size or x,y,size,degrees in photo pixels: 512,400,300.')
  return { center: [x, y], size, angle: (degrees * Math.PI) / 180 }
}

export const count = (text: string) => wholeWithin(text, 1, 1000, 'A count is a whole number from 1 to 1000.')
export const seed = (text: string) => wholeWithin(text, 0, Number.MAX_SAFE_INTEGER, 'A seed is a whole number from 0 on.')
export const quality = (text: string) => wholeWithin(text, 1, 100, 'A quality is a whole number from 1 to 100.')
export const side = (text: string) => wholeWithin(text, 16, 32_000, 'A side is a whole number of pixels from 16 to 32000.')
export const port = (text: string) => wholeWithin(text, 0, 65535, 'A port is a whole number up to 65535.')

function numberWithin(text: string, from: number, to: number, sentence: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= from && value <= to)) throw new InvalidArgumentError(sentence)
  return value
}

function wholeWithin(text: string, from: number, to: number, sentence: string): number {
  const value = numberWithin(text, from, to, sentence)
  if (!Number.isInteger(value)) throw new InvalidArgumentError(sentence)
  return value
}
