import { StudioError } from '../../contract/errors.ts'

/** A CLIP, or something near it, that the networks here cannot be. */
export const unsupported = (where: string, what: string): StudioError =>
  new StudioError('clip.unsupported', {
    where,
    what,
    todo: 'Bring one of OpenAI’s CLIP models (ViT-B/32 … ViT-L/14, RN50 …), or OpenCLIP’s or Hugging Face’s of the same shape.',
  })
