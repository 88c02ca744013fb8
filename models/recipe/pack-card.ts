import type { PackDraft } from '../../src-main/engine/packs/write.ts'

/** What the built-in pack says about itself; architectures come from the weights. */
export const packCard = {
  format: 1,
  id: 'portraits',
  title: 'Rendered portraits',
  noun: 'face',
  neutralTexts: ['a face', 'a person', 'a photo of a face', 'a photo of a person', 'a portrait of a person', 'a human face'],
  suggestions: [
    ...group('expression', [
      'smiling',
      'smiling broadly',
      'frowning',
      'surprised',
      'angry',
      'with closed eyes',
      'with a neutral expression',
    ]),
    ...group('hair', [
      'with red hair',
      'with blond hair',
      'with black hair',
      'with brown hair',
      'with grey hair',
      'with pink hair',
      'with blue hair',
    ]),
    ...group('hairstyle', ['with long hair', 'with short hair', 'with curly hair', 'with bangs', 'bald']),
    ...group('beard', ['with a beard', 'with a moustache', 'with stubble', 'clean-shaven']),
    ...group('wearing', ['with glasses', 'with sunglasses', 'wearing a hat', 'with earrings', 'without glasses']),
    ...group('face', ['old', 'young', 'with freckles', 'with wrinkles', 'with thick eyebrows', 'with a round face']),
    ...group('make-up', ['with heavy make-up', 'with red lipstick', 'without make-up']),
    ...group('skin and eyes', ['with pale skin', 'with tanned skin', 'with blue eyes', 'with brown eyes']),
  ],
  crop: 'ffhq',
  provenance: [
    {
      source: 'models/recipe',
      note: 'Generator, text and image encoder and inversion encoder, trained from nothing on pictures of the recipe’s own renderer.',
    },
    { source: 'MakeHuman base mesh and targets', note: 'The geometry that the renderer draws; CC0.' },
    { source: '@vladmandic/face-api 1.7.15', note: 'tiny_face_detector and face_landmark_68, which find faces in photos.' },
  ],
  licences: [
    { what: 'Generator, CLIP, bridge and encoder', licence: 'MIT' },
    { what: 'MakeHuman geometry', licence: 'CC0-1.0' },
    { what: 'Face detector and landmarks', licence: 'MIT, Copyright (c) Vladimir Mandic' },
  ],
  limits:
    'Rendered portraits of 256 by 256 pixels. It knows only the renderer’s world: photographs of people come out as a relative from a ' +
    'computer game, and what the renderer never drew cannot be asked for. Photographs look best with a photographic pack, which you bring.',
} satisfies Partial<PackDraft>

function group(name: string, texts: readonly string[]): { text: string; group: string }[] {
  return texts.map((text) => ({ text, group: name }))
}
