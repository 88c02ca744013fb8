import type { Wish } from './wishes.ts'

/** A prompt of the evaluation: what it asks for, and attributes that may well move along, which do not count as side effects. */
export interface EditPrompt {
  readonly text: string
  readonly neutral?: string
  readonly wishes: readonly Wish[]
  readonly alongside?: readonly string[]
}

const more = (number: string): Wish => ({ number, grows: true })
const less = (number: string): Wish => ({ number, grows: false })
const is = (choice: string, ...options: string[]): Wish => ({ choice, options, likelier: true })
const not = (choice: string, ...options: string[]): Wish => ({ choice, options, likelier: false })

const mouth = ['smile', 'mouth_open', 'frown', 'squint', 'pucker']
const brows = ['brow_raise', 'brow_furrow', 'brow_height', 'eyes_wide', 'squint']
const colour = ['hair_lightness', 'hair_grey', 'hair_colour', 'brow_density']
const cut = ['hair_volume', 'fringe', 'fringe_side', 'hair_messiness', 'hair_style']
const beard = ['beard_length', 'beard_density', 'stubble', 'beard_style', 'masculinity']
const paint = ['lipstick', 'blush', 'eyeshadow', 'eyeliner', 'lash_length', 'lipstick_colour', 'eyeshadow_colour']
const years = ['age', 'wrinkles', 'hair_grey', 'hair_colour']
const spectacles = ['glasses', 'glasses_tint', 'glasses_colour']
const skin = ['skin_tone', 'skin_redness', 'african', 'asian', 'european', 'hair_colour', 'eye_colour']

const smiling = more('smile')
const redHair = is('hair_colour', 'red', 'auburn')
const blondHair = is('hair_colour', 'blond', 'platinum blond')
const wearsGlasses = not('glasses', 'none')
const bearded = is('beard_style', 'short beard', 'full beard')

/** The prompts of `evaluate` for the built-in pack: its attributes are known, so a judge can tell what an edit did. */
export const editPrompts: readonly EditPrompt[] = [
  { text: 'smiling', wishes: [smiling], alongside: mouth },
  { text: 'a happy face', wishes: [smiling], alongside: mouth },
  { text: 'laughing', wishes: [smiling, more('mouth_open')], alongside: mouth },
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
