import { Random } from '../runtime/random.ts'
import type { Bank } from './samples.ts'

/** Shuffled batches; batch k depends on the seed and k alone. */
export class Batches {
  readonly embed: number
  readonly wDim: number
  readonly #bank: Bank
  readonly #batch: number
  readonly #perEpoch: number
  readonly #random: Random
  readonly #noise: number
  #epoch = -1
  #order: number[] = []

  constructor(bank: Bank, widths: { embed: number; wDim: number }, batch: number, { seed, noise }: { seed: number; noise: number }) {
    this.embed = widths.embed
    this.wDim = widths.wDim
    this.#bank = bank
    this.#batch = batch
    this.#perEpoch = Math.floor(bank.count / batch)
    this.#random = new Random(seed).fork('batches')
    this.#noise = noise
  }

  /** f [N,D] and w [N,W] of a step. */
  rows(step: number): [Float32Array, Float32Array] {
    const epoch = Math.floor(step / this.#perEpoch)
    if (epoch !== this.#epoch) {
      this.#epoch = epoch
      this.#order = this.#random.fork(`epoch/${epoch}`).permutation(this.#bank.count)
    }
    const first = (step % this.#perEpoch) * this.#batch
    const f = new Float32Array(this.#batch * this.embed)
    const w = new Float32Array(this.#batch * this.wDim)
    for (let i = 0; i < this.#batch; i++) {
      const row = this.#order[first + i]!
      f.set(this.#bank.f.subarray(row * this.embed, (row + 1) * this.embed), i * this.embed)
      w.set(this.#bank.w.subarray(row * this.wDim, (row + 1) * this.wDim), i * this.wDim)
    }
    if (this.#noise > 0) disturb(f, this.embed, this.#noise, this.#random.fork(`noise/${step}`))
    return [f, w]
  }
}

/** f ← normalise(f + κ·u), u random of unit length. */
function disturb(f: Float32Array, width: number, noise: number, random: Random): void {
  for (let from = 0; from < f.length; from += width) {
    const u = random.normals(width)
    const scale = noise / Math.hypot(...u)
    let length = 0
    for (let j = 0; j < width; j++) length += (f[from + j]! += scale * u[j]!) ** 2
    for (let j = 0; j < width; j++) f[from + j]! /= Math.sqrt(length)
  }
}
