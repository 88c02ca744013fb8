/** Sentences for a pack that nobody has written any for. */
export interface PackTexts {
  readonly neutralTexts: string[]
  readonly suggestions: { text: string; group: string }[]
  readonly crop: 'ffhq' | 'square'
}

const people = new Set(['face', 'person', 'portrait', 'man', 'woman', 'child'])
const animals = new Set(['cat', 'dog', 'animal', 'wild animal', 'horse'])

/** Neutral texts, suggestions and crop for what a generator makes; `noun` as in "a face". */
export function textsFor(noun: string): PackTexts {
  const one = `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`
  const neutral = [one, `a photo of ${one}`, `a picture of ${one}`, `a close-up of ${one}`]
  if (people.has(noun.toLowerCase()))
    return { neutralTexts: [...neutral, 'a person', 'a photo of a person'], suggestions: facial, crop: 'ffhq' }
  return { neutralTexts: neutral, suggestions: animals.has(noun.toLowerCase()) ? furry : general, crop: 'square' }
}

const group = (name: string, ...texts: string[]) => texts.map((text) => ({ text, group: name }))

const facial = [
  ...group('expression', 'smiling', 'surprised', 'angry', 'sad', 'with closed eyes', 'with an open mouth'),
  ...group(
    'hair',
    'with red hair',
    'with blond hair',
    'with black hair',
    'with grey hair',
    'with long hair',
    'with short hair',
    'with curly hair',
    'bald',
  ),
  ...group('beard', 'with a beard', 'with a moustache', 'clean-shaven'),
  ...group('wearing', 'with glasses', 'with sunglasses', 'wearing a hat', 'wearing earrings'),
  ...group('face', 'old', 'young', 'with freckles', 'tanned', 'pale', 'with make-up', 'with blue eyes'),
]
const furry = [
  ...group('coat', 'black', 'white', 'grey', 'orange', 'striped', 'spotted', 'fluffy', 'short-haired'),
  ...group('eyes', 'with blue eyes', 'with green eyes', 'with big eyes', 'with closed eyes'),
  ...group('mood', 'happy', 'angry', 'sleepy', 'with an open mouth'),
  ...group('age', 'young', 'old'),
]
const general = [
  ...group('colour', 'red', 'blue', 'green', 'yellow', 'black', 'white'),
  ...group('light', 'at night', 'in the sun', 'in the snow', 'at sunset'),
  ...group('age', 'old', 'new'),
]
