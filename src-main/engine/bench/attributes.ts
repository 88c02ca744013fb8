import type { Wish } from './wishes.ts'

/* The renderer's attributes as prompts ask for them, and which of them go together, so that they do not count as side effects. */

export const more = (number: string): Wish => ({ number, grows: true })
export const less = (number: string): Wish => ({ number, grows: false })
export const is = (choice: string, ...options: string[]): Wish => ({ choice, options, likelier: true })
export const not = (choice: string, ...options: string[]): Wish => ({ choice, options, likelier: false })

export const mouth = ['smile', 'mouth_open', 'frown', 'squint', 'pucker']
export const brows = ['brow_raise', 'brow_furrow', 'brow_height', 'eyes_wide', 'squint']
export const colour = ['hair_lightness', 'hair_grey', 'hair_colour', 'brow_density']
export const cut = ['hair_volume', 'fringe', 'fringe_side', 'hair_messiness', 'hair_style']
export const beard = ['beard_length', 'beard_density', 'stubble', 'beard_style', 'masculinity']
export const paint = ['lipstick', 'blush', 'eyeshadow', 'eyeliner', 'lash_length', 'lipstick_colour', 'eyeshadow_colour']
export const years = ['age', 'wrinkles', 'hair_grey', 'hair_colour']
export const spectacles = ['glasses', 'glasses_tint', 'glasses_colour']
export const skin = ['skin_tone', 'skin_redness', 'african', 'asian', 'european', 'hair_colour', 'eye_colour']

export const smiling = more('smile')
export const redHair = is('hair_colour', 'red', 'auburn')
export const blondHair = is('hair_colour', 'blond', 'platinum blond')
export const wearsGlasses = not('glasses', 'none')
export const bearded = is('beard_style', 'short beard', 'full beard')
