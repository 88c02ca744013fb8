import type { Models } from '../bridge/models.ts'
import { dot } from '../bridge/vectors.ts'
import { mean } from './numbers.ts'
import type { Rendered, RenderedAttributes } from './rendered.ts'

/** How well text and image encoder agree about pictures whose attributes are known. */
export interface Understanding {
  readonly pictures: number
  /** Mean of the shares of right yes and right no of one question, put as two texts. */
  readonly zeroShot: readonly { readonly question: string; readonly accuracy: number }[]
  /** Share of sentences whose nearest picture has everything that they say, and whose own picture is the nearest. */
  readonly retrieval: { readonly fitting: number; readonly own: number }
}

type Question = readonly [yes: string, no: string, is: (a: RenderedAttributes) => boolean | undefined]

const haired = (a: RenderedAttributes) => a.hair_style !== 'bald' && a.hat === 'none'
const sure = (x: number, no: number, yes: number) => (x >= yes ? true : x <= no ? false : undefined)

/** Undefined: too near to the limit, or not to be seen. */
const questions: readonly Question[] = [
  ['a smiling face', 'a face that does not smile', (a) => sure(a.smile, 0.05, 0.4)],
  ['a face with glasses', 'a face without glasses', (a) => a.glasses !== 'none'],
  ['a person wearing a hat', 'a person without a hat', (a) => a.hat !== 'none'],
  ['a man with a beard', 'a clean-shaven man', (a) => (a.masculinity > 0.5 ? a.beard_style !== 'none' : undefined)],
  ['a bald person', 'a person with hair', (a) => (a.hat === 'none' ? a.hair_style === 'bald' : undefined)],
  ['a woman', 'a man', (a) => sure(1 - a.masculinity, 0.3, 0.7)],
  ['an old person', 'a young person', (a) => sure(a.age, 35, 60)],
  ['a face with long hair', 'a face with short hair', (a) => (haired(a) ? /long|braid/.test(a.hair_style) : undefined)],
  ['a face with dark skin', 'a face with pale skin', (a) => sure(a.skin_tone, 3, 7)],
  ['a person with black hair', 'a person with blond hair', (a) => (haired(a) ? colours(a, /black/, /blond/) : undefined)],
]

const colours = (a: RenderedAttributes, yes: RegExp, no: RegExp) =>
  yes.test(a.hair_colour) ? true : no.test(a.hair_colour) ? false : undefined

/** What a sentence can say of a picture, each in words of its own. Written by hand; the recipe's grammar has no part in it. */
const claims: readonly [is: (a: RenderedAttributes) => boolean, words: string][] = [
  [(a) => a.masculinity > 0.7 && a.age > 60, 'an elderly gentleman'],
  [(a) => a.masculinity > 0.7 && a.age <= 60, 'a man'],
  [(a) => a.masculinity < 0.3 && a.age > 60, 'an elderly lady'],
  [(a) => a.masculinity < 0.3 && a.age <= 60, 'a woman'],
  [(a) => haired(a) && a.hair_colour !== 'none', 'with COLOUR hair'],
  [(a) => a.hair_style === 'bald' && a.hat === 'none', 'who has lost his hair'],
  [(a) => /short beard|full beard/.test(a.beard_style) && a.masculinity > 0.5, 'and a beard'],
  [(a) => a.glasses === 'sunglasses', 'wearing sunglasses'],
  [(a) => a.glasses !== 'none' && a.glasses !== 'sunglasses', 'wearing glasses'],
  [(a) => a.hat !== 'none', 'with something on the head'],
  [(a) => a.smile > 0.5, 'who is smiling'],
]

const said = (a: RenderedAttributes): string[] => claims.flatMap(([is, words]) => (is(a) ? [words.replace('COLOUR', a.hair_colour)] : []))

/** Looks at every picture and answers; no text is learned from. */
export async function measureUnderstanding(
  models: Models,
  pictures: readonly Rendered[],
  progress?: (done: number, of: number) => void,
): Promise<Understanding> {
  const seen: Float32Array[] = []
  for (const [i, { image }] of pictures.entries()) {
    seen.push((await models.embedImage(image)).data as Float32Array)
    progress?.(i + 1, pictures.length)
  }
  const embed = models.pack.manifest.clip.embed
  const texts = async (all: readonly string[]) => {
    const f = (await models.embedText(all)).data as Float32Array
    return all.map((_, i) => f.slice(i * embed, (i + 1) * embed))
  }
  const zeroShot = []
  for (const [yes, no, is] of questions) {
    const [fYes, fNo] = await texts([yes, no])
    const right: { readonly true: number[]; readonly false: number[] } = { true: [], false: [] }
    pictures.forEach(({ attributes }, i) => {
      const truth = is(attributes)
      if (truth !== undefined) right[`${truth}`].push(Number(dot(seen[i]!, fYes!) > dot(seen[i]!, fNo!) === truth))
    })
    if (right.true.length > 0 && right.false.length > 0)
      zeroShot.push({ question: `${yes} / ${no}`, accuracy: (mean(right.true) + mean(right.false)) / 2 })
  }
  const known = pictures.map(({ attributes }) => said(attributes))
  const rich = pictures.map((_, i) => i).filter((i) => known[i]!.length >= 3)
  const sentences = await texts(rich.map((i) => known[i]!.join(' ')))
  const nearest = sentences.map((f) => seen.reduce((best, x, i) => (dot(x, f) > dot(seen[best]!, f) ? i : best), 0))
  return {
    pictures: pictures.length,
    zeroShot,
    retrieval: {
      fitting: mean(rich.map((i, k) => Number(known[i]!.every((words) => known[nearest[k]!]!.includes(words))))),
      own: mean(rich.map((i, k) => Number(nearest[k] === i))),
    },
  }
}
