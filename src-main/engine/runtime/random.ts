import { createHash } from 'node:crypto'

const MASK = (1n << 64n) - 1n

/** splitmix64 (Steele, Lea, Flood 2014): the seed sequence that Blackman and Vigna recommend for xoshiro. */
export function* splitMix64(seed: bigint): Generator<bigint, never> {
  let state = seed & MASK
  for (;;) {
    state = (state + 0x9e3779b97f4a7c15n) & MASK
    let z = state
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK
    yield z ^ (z >> 31n)
  }
}

/** xoshiro128** 1.1 (Blackman and Vigna): one 32-bit number a call; changes `s`, four 32-bit words that are not all zero. */
export function xoshiro128(s: Uint32Array): number {
  const product = Math.imul(s[1]!, 5)
  const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
  const t = s[1]! << 9
  s[2]! ^= s[0]!
  s[3]! ^= s[1]!
  s[1]! ^= s[2]!
  s[0]! ^= s[3]!
  s[2]! ^= t
  s[3] = (s[3]! << 11) | (s[3]! >>> 21)
  return result
}

/**
 * Seeded random numbers, the same on every platform. The stream: xoshiro128**, its state the first two outputs of splitmix64(seed), low word
 * first; a uniform takes two words (27 high bits of the first, 26 of the second); normals come in pairs by Box–Muller from two uniforms,
 * cosine first. Logarithm and cosine are V8's own port of fdlibm, so that they do not differ by machine.
 */
export class Random {
  readonly seed: bigint
  readonly #state: Uint32Array
  #spare: number | undefined

  /** `seed`: an integer, taken modulo 2⁶⁴. */
  constructor(seed: number | bigint) {
    this.seed = BigInt(seed) & MASK
    const words = splitMix64(this.seed)
    const [a, b] = [words.next().value, words.next().value]
    this.#state = Uint32Array.of(Number(a & 0xffffffffn), Number(a >> 32n), Number(b & 0xffffffffn), Number(b >> 32n))
  }

  /** In [0, 1), 53 bits. */
  uniform(): number {
    const high = xoshiro128(this.#state) >>> 5
    const low = xoshiro128(this.#state) >>> 6
    return (high * 67108864 + low) / 9007199254740992
  }

  /** Mean 0, standard deviation 1. */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare
      this.#spare = undefined
      return spare
    }
    // 1 − u is never 0, so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    const angle = 2 * Math.PI * this.uniform()
    this.#spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  /** The next n normals, rounded to float32. */
  normals(n: number): Float32Array {
    const out = new Float32Array(n)
    for (let i = 0; i < n; i++) out[i] = this.normal()
    return out
  }

  /** In 0…n−1, unbiased; n from 1 to 2³². */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) throw new RangeError(`no integer below ${n}`)
    const limit = 2 ** 32 - (2 ** 32 % n)
    let word: number
    do word = xoshiro128(this.#state)
    while (word >= limit)
    return word % n
  }

  /** 0…n−1 in random order (Fisher–Yates). */
  permutation(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i)
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      ;[order[i], order[j]] = [order[j]!, order[i]!]
    }
    return order
  }

  /** A stream of its own, that depends on this one's seed and the label alone, not on how much was drawn. */
  fork(label: string): Random {
    return new Random(createHash('sha256').update(`${this.seed}/${label}`).digest().readBigUInt64LE())
  }
}
