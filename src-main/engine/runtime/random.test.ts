import { describe, expect, test } from 'vitest'
import { Random, splitMix64, xoshiro128 } from './random.ts'

const take = <T>(n: number, next: () => T): T[] => Array.from({ length: n }, next)

describe('the stream is the published one', () => {
  test('splitmix64, seed 1234567 (reference outputs)', () => {
    const words = splitMix64(1234567n)
    const expected = [6457827717110365317n, 3203168211198807973n, 9817491932198370423n, 4593380528125082431n, 16408922859458223821n]
    expect(take(5, () => words.next().value)).toEqual(expected)
  })

  test('xoshiro128** 1.1, state 1 2 3 4 (outputs of the authors’ C program, as in Rust’s rand_xoshiro)', () => {
    const state = Uint32Array.of(1, 2, 3, 4)
    const expected = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804]
    expect(take(10, () => xoshiro128(state))).toEqual(expected)
  })

  // Computed by a separate program in Python from the documentation of the class.
  test('uniforms of seed 42', () => {
    const random = new Random(42)
    expect(take(3, () => random.uniform())).toEqual([0.4137016681565887, 0.003983993377814743, 0.6500837027638867])
  })

  test('normals of seed 42', () => {
    const random = new Random(42n)
    const expected = [1.0330460074021803, 0.025864784484702003, -0.5788627332356062, -1.3285482843233385]
    take(4, () => random.normal()).forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 14))
  })
})

test('normals have mean 0, variance 1 and the right tails', () => {
  const x = new Random(1).normals(100_000)
  const mean = x.reduce((a, b) => a + b, 0) / x.length
  const variance = x.reduce((a, b) => a + b * b, 0) / x.length - mean ** 2
  expect(Math.abs(mean)).toBeLessThan(0.01)
  expect(Math.abs(variance - 1)).toBeLessThan(0.02)
  const beyond = x.filter((v) => Math.abs(v) > 1.959964).length / x.length
  expect(beyond).toBeCloseTo(0.05, 2)
})

test('integers cover their range evenly and stay inside', () => {
  const random = new Random(2)
  const counts = [0, 0, 0, 0, 0, 0, 0]
  for (let i = 0; i < 70_000; i++) counts[random.integer(7)]!++
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  expect(() => random.integer(0)).toThrow(RangeError)
  expect(random.integer(1)).toBe(0)
})

test('a permutation holds each number once', () => {
  const order = new Random(3).permutation(100)
  expect([...order].sort((a, b) => a - b)).toEqual(
    take(
      100,
      (() =>
        (
          (i) => () =>
            i++
        )(0))(),
    ),
  )
  expect(order).not.toEqual([...order].sort((a, b) => a - b))
})

test('a fork depends on seed and label alone', () => {
  const [a, b] = [new Random(9), new Random(9)]
  b.normals(10)
  expect(a.fork('bank').normals(4)).toEqual(b.fork('bank').normals(4))
  expect(a.fork('bank').normals(4)).not.toEqual(a.fork('judge').normals(4))
  expect(a.fork('bank').normals(4)).not.toEqual(new Random(10).fork('bank').normals(4))
})
