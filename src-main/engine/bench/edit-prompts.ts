import {
  beard,
  bearded,
  blondHair,
  brows,
  colour,
  cut,
  is,
  less,
  more,
  mouth,
  not,
  paint,
  redHair,
  skin,
  smiling,
  spectacles,
  wearsGlasses,
  years,
} from './attributes.ts'
import type { Wish } from './wishes.ts'

/** A prompt of the evaluation: what it asks for, and attributes that may well move along, which do not count as side effects. */
export interface EditPrompt {
  readonly text: string
  readonly neutral?: string
  readonly wishes: readonly Wish[]
  readonly alongside?: readonly string[]
}

/** In words that the text encoder's grammar uses. */
const knownWords: readonly EditPrompt[] = [
  { text: 'smiling', wishes: [smiling], alongside: mouth },
  { text: 'not smiling', wishes: [less('smile')], alongside: mouth },
  { text: 'frowning', wishes: [more('frown')], alongside: mouth },
  { text: 'surprised', wishes: [more('mouth_open')], alongside: [...mouth, ...brows] },
  { text: 'angry', wishes: [more('brow_furrow')], alongside: [...mouth, ...brows] },
  { text: 'with closed eyes', wishes: [more('eyes_closed')], alongside: brows },
  { text: 'with red hair', wishes: [redHair], alongside: colour },
  { text: 'blond hair', wishes: [blondHair], alongside: colour },
  { text: 'with black hair', wishes: [is('hair_colour', 'black')], alongside: colour },
  { text: 'with brown hair', wishes: [is('hair_colour', 'dark brown', 'brown', 'light brown')], alongside: colour },
  { text: 'with grey hair', wishes: [more('hair_grey')], alongside: [...colour, ...years] },
  { text: 'with pink hair', wishes: [is('hair_colour', 'pink')], alongside: colour },
  { text: 'blue hair', wishes: [is('hair_colour', 'blue')], alongside: colour },
  { text: 'with green hair', wishes: [is('hair_colour', 'green')], alongside: colour },
  { text: 'with long hair', wishes: [is('hair_style', 'long', 'side braid')], alongside: [...cut, 'masculinity', 'earrings'] },
  {
    text: 'with short hair',
    wishes: [is('hair_style', 'buzz cut', 'short swept', 'short textured', 'short side-parted', 'short cropped')],
    alongside: [...cut, 'masculinity'],
  },
  { text: 'with curly hair', wishes: [is('hair_style', 'afro')], alongside: [...cut, ...skin] },
  { text: 'bald', wishes: [is('hair_style', 'bald')], alongside: [...cut, 'hair_colour', 'masculinity'] },
  { text: 'with bangs', wishes: [more('fringe')], alongside: cut },
  { text: 'with a beard', wishes: [bearded], alongside: beard },
  { text: 'with a moustache', wishes: [is('beard_style', 'moustache')], alongside: beard },
  { text: 'clean-shaven', wishes: [is('beard_style', 'none')], alongside: beard },
  { text: 'with glasses', wishes: [wearsGlasses], alongside: spectacles },
  { text: 'with sunglasses', wishes: [is('glasses', 'sunglasses')], alongside: [...spectacles, 'eye_colour'] },
  { text: 'without glasses', wishes: [is('glasses', 'none')], alongside: spectacles },
  { text: 'wearing a hat', wishes: [not('hat', 'none')], alongside: ['hat_colour', ...cut] },
  { text: 'an old face', neutral: 'a face', wishes: [more('age')], alongside: years },
  { text: 'a young face', neutral: 'a face', wishes: [less('age')], alongside: years },
  {
    text: 'a female face',
    neutral: 'a male face',
    wishes: [less('masculinity')],
    alongside: [...beard, ...paint, ...cut, 'earrings', 'weight'],
  },
  { text: 'a man', wishes: [more('masculinity')], alongside: [...beard, ...paint, ...cut, 'earrings'] },
  { text: 'with heavy make-up', wishes: [more('eyeshadow'), more('lipstick')], alongside: [...paint, 'masculinity'] },
  { text: 'with red lipstick', wishes: [more('lipstick')], alongside: [...paint, 'masculinity'] },
  { text: 'with freckles', wishes: [more('freckles')], alongside: skin },
  { text: 'with wrinkles', wishes: [more('wrinkles')], alongside: years },
  { text: 'with pale skin', wishes: [less('skin_tone')], alongside: skin },
  { text: 'with dark skin', wishes: [more('skin_tone')], alongside: skin },
  { text: 'with thick eyebrows', wishes: [more('brow_thickness')], alongside: brows },
  { text: 'smiling, with red hair', wishes: [smiling, redHair], alongside: [...mouth, ...colour] },
  { text: 'with blond hair and glasses', wishes: [blondHair, wearsGlasses], alongside: [...colour, ...spectacles] },
  { text: 'an old face, with a beard', wishes: [more('age'), bearded], alongside: [...years, ...beard] },
]

/** In words that it never used: some of them people would use first. `evaluate` says which of them the pack's vocabulary has never seen. */
const otherWords: readonly EditPrompt[] = [
  { text: 'ecstatic', wishes: [smiling], alongside: mouth },
  { text: 'jolly', wishes: [smiling], alongside: mouth },
  { text: 'with a radiant grin', wishes: [smiling], alongside: mouth },
  { text: 'sombre', wishes: [less('smile')], alongside: mouth },
  { text: 'with crimson hair', wishes: [redHair], alongside: colour },
  { text: 'with scarlet locks', wishes: [redHair], alongside: colour },
  { text: 'with flaxen hair', wishes: [blondHair], alongside: colour },
  { text: 'with ebony hair', wishes: [is('hair_colour', 'black')], alongside: colour },
  { text: 'with emerald hair', wishes: [is('hair_colour', 'green')], alongside: colour },
  { text: 'with flowing hair', wishes: [is('hair_style', 'long', 'side braid')], alongside: [...cut, 'masculinity', 'earrings'] },
  { text: 'bespectacled', wishes: [wearsGlasses], alongside: spectacles },
  { text: 'wearing goggles', wishes: [wearsGlasses], alongside: spectacles },
  { text: 'with whiskers', wishes: [bearded], alongside: beard },
  { text: 'geriatric', wishes: [more('age')], alongside: years },
  { text: 'a teenager', wishes: [less('age')], alongside: years },
  { text: 'macho', wishes: [more('masculinity')], alongside: [...beard, ...paint, ...cut, 'earrings'] },
  { text: 'ladylike', wishes: [less('masculinity')], alongside: [...beard, ...paint, ...cut, 'earrings', 'weight'] },
  { text: 'wearing a sombrero', wishes: [not('hat', 'none')], alongside: ['hat_colour', ...cut] },
  { text: 'with glamorous make-up', wishes: [more('eyeshadow'), more('lipstick')], alongside: [...paint, 'masculinity'] },
  { text: 'with ivory skin', wishes: [less('skin_tone')], alongside: skin },
]

/** The 60 prompts of `evaluate` for packs of faces: the attributes of the judge tell what an edit did. */
export const editPrompts: readonly EditPrompt[] = [...knownWords, ...otherWords]
