import { StudioError } from '../../contract/errors.ts'
import type { Checkpoint } from '../checkpoints/open.ts'
import type { ForeignTensor } from '../checkpoints/tensors.ts'

/** Keeps account of a checkpoint's tensors, so that in the end each was used, or is named as not needed. */
export class Ledger {
  readonly where: string
  readonly #tensors: ReadonlyMap<string, ForeignTensor>
  readonly #prefix: string
  readonly #open: Set<string>
  readonly #ignored: string[] = []

  /** `prefix` is put before every name that is asked for. */
  constructor({ where, tensors }: Checkpoint, prefix: string) {
    this.where = where
    this.#tensors = tensors
    this.#prefix = prefix
    this.#open = new Set(tensors.keys())
  }

  /** Names under the prefix, without it. */
  names(): string[] {
    return [...this.#tensors.keys()].filter((name) => name.startsWith(this.#prefix)).map((name) => name.slice(this.#prefix.length))
  }

  has(name: string): boolean {
    return this.#tensors.has(this.#prefix + name)
  }

  /** Error: import.missing-tensor. */
  take(name: string): ForeignTensor {
    const found = this.find(name)
    if (found) return found
    throw new StudioError('import.missing-tensor', {
      where: this.where,
      what: `it lacks "${this.#prefix}${name}"`,
      todo: 'It is incomplete or of another kind; get the whole checkpoint.',
    })
  }

  find(name: string): ForeignTensor | undefined {
    this.#open.delete(this.#prefix + name)
    return this.#tensors.get(this.#prefix + name)
  }

  /** A tensor outside the prefix, by its whole name. */
  elsewhere(name: string): ForeignTensor | undefined {
    this.#open.delete(name)
    return this.#tensors.get(name)
  }

  /** Crosses off what is not needed. `pattern` sees whole names. */
  ignore(pattern: RegExp, what: string): void {
    const found = [...this.#open].filter((name) => pattern.test(name))
    for (const name of found) this.#open.delete(name)
    if (found.length > 0) this.#ignored.push(`${what}, ${found.length} ${found.length === 1 ? 'tensor' : 'tensors'}`)
  }

  /** What was ignored. Error: import.unknown-tensor if something is left that nobody knows. */
  close(): readonly string[] {
    const left = [...this.#open]
    if (left.length === 0) return this.#ignored
    throw new StudioError('import.unknown-tensor', {
      where: this.where,
      what: `it has ${left.length} tensors that a network of this kind does not have, such as "${left.slice(0, 3).join('", "')}"`,
      todo: 'It is a variant that is not supported: bring the plain model, or ask for this one to be added.',
    })
  }
}
