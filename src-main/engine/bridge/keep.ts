import type { Models } from './models.ts'
import { embedRequest, ensemble } from './text-differences.ts'

/**
 * What an edit that does not ask for it should leave as it is, as pairs of opposite texts of a pack about faces. Opposites, since a text
 * and the neutral one differ in more than what they say (how much they say, for one); what both ends share falls out.
 */
const ofFaces: readonly (readonly [string, string])[] = [
  ['a face looking to the left', 'a face looking to the right'],
  ['a face looking up', 'a face looking down'],
  ['a face in bright light', 'a face in dim light'],
  ['a face lit from the left', 'a face lit from the right'],
  ['a face lit from above', 'a face lit from below'],
  ['a face with pale skin', 'a face with dark skin'],
  ['an asian face', 'an african face'],
  ['an asian face', 'a european face'],
  ['a man', 'a woman'],
  ['an old face', 'a young face'],
  ['a fat face', 'a thin face'],
  ['a smiling face', 'a sad face'],
  ['a face with the mouth open', 'a face with the mouth closed'],
  ['a face with glasses', 'a face without glasses'],
  ['a face with a hat', 'a face without a hat'],
  ['a face with a beard', 'a clean-shaven face'],
  ['a face with long hair', 'a face with short hair'],
  ['a face with blond hair', 'a face with black hair'],
  ['a face with red hair', 'a face with brown hair'],
  ['a face with grey hair', 'a face with brown hair'],
  ['a face with a fringe', 'a face with a bare forehead'],
  ['a face with make-up', 'a face without make-up'],
  ['a face with thick eyebrows', 'a face with thin eyebrows'],
  ['a face with blue eyes', 'a face with brown eyes'],
  ['a red background', 'a blue background'],
  ['a green background', 'a purple background'],
  ['a dark background', 'a bright background'],
]

const faces = /^(face|person|portrait|head|human|man|woman)$/i

/** Differences of texts [n,D] along which a picture should stay; of a pack about other things its suggestions, from the neutral texts. */
export async function keptDifferences(models: Models): Promise<Float32Array> {
  const { noun, neutralTexts, suggestions, clip } = models.pack.manifest
  const rows: Float32Array[] = []
  if (faces.test(noun)) {
    const f = (await models.embedText(ofFaces.flat())).data as Float32Array
    const at = (i: number) => f.subarray(i * clip.embed, (i + 1) * clip.embed)
    ofFaces.forEach((_, i) => rows.push(at(2 * i).map((x, j) => x - at(2 * i + 1)[j]!)))
  } else {
    const neutral = await ensemble(models, neutralTexts)
    for (const { text } of suggestions) rows.push((await embedRequest(models, text)).map((x, j) => x - neutral[j]!))
  }
  const differences = new Float32Array(rows.length * clip.embed)
  rows.forEach((row, i) => differences.set(row, i * clip.embed))
  return differences
}
