import { StudioError } from '../../contract/errors.ts'

export const getAgain = 'Get the file again from where it came from.'
export const doNotUse = 'Do not use this file; get it from a source that you trust.'

/** A refusal of a foreign file. `code` is dotted and stable; `where` the file's name; `what` a clause; `todo` a sentence. */
export function refuse(code: string, where: string, what: string, todo = getAgain, cause?: unknown): StudioError {
  return new StudioError(code, { where, what, todo }, cause === undefined ? undefined : { cause })
}
