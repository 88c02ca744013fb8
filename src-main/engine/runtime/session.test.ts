import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Graph } from '../onnx/graph.ts'
import { float32 } from '../onnx/tensor.ts'
import { cpu } from './devices.ts'
import { Random } from './random.ts'
import { createSession } from './session.ts'

describe('session', () => {
  test('runs a convolution and a matrix product', async () => {
    const g = new Graph('conv and gemm')
    const x = g.input('x', ['N', 1, 2, 2])
    const w = g.initializer('w', float32([2, 1, 1, 1], [2, -1]))
    const b = g.initializer('b', float32([2], [0.5, 0]))
    const flat = g.flatten(g.conv(x, w, b)) // [N,8]
    g.output('y', g.gemm(flat, g.constant(float32([8, 1], [1, 1, 1, 1, 1, 1, 1, 1]))))
    const session = await createSession(g, cpu(1))
    const { y } = await session.run({ x: float32([2, 1, 2, 2], [1, 2, 3, 4, 0, 0, 0, 1]) })
    expect(y).toEqual({ dtype: 'float32', shape: [2, 1], data: Float32Array.of(12, 3) })
    expect(session.lastMs).toBeGreaterThan(0)
    await session.release()
  })

  test('keeps many weights in a content-addressed file beside the model', async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'weights-'))
    const weights = float32([2048, 1200], new Random(1).normals(2048 * 1200))
    const product = async (options: object) => {
      const g = new Graph('large')
      g.output('y', g.matmul(g.input('x', ['N', 2048]), g.initializer('w', weights)))
      const session = await createSession(g, cpu(1), options)
      const { y } = await session.run({ x: float32([1, 2048], new Random(2).normals(2048)) })
      await session.release()
      return y!.data
    }
    const inside = await product({})
    expect(await product({ cacheDir })).toEqual(inside)
    expect(await product({ cacheDir })).toEqual(inside)
    const files = await readdir(cacheDir)
    expect(files).toHaveLength(1)
    expect(files[0]).toMatch(/^[0-9a-f]{64}\.weights$/)
  })

  test('an input and an output may share a name', async () => {
    const g = new Graph('step')
    g.output('x', g.mul(g.input('x', ['N']), 2))
    const session = await createSession(g, cpu(1))
    expect((await session.run({ x: float32([2], [1, 2]) })).x!.data).toEqual(Float32Array.of(2, 4))
    await session.release()
  })

  test('refuses feeds that do not fit, by name', async () => {
    const g = new Graph('feeds')
    g.output('y', g.neg(g.input('x', ['N', 3])))
    const session = await createSession(g, cpu(1))
    await expect(session.run({})).rejects.toMatchObject({ code: 'runtime.feed', where: 'graph "feeds", input "x"' })
    await expect(session.run({ x: float32([1, 2]) })).rejects.toMatchObject({
      code: 'runtime.feed',
      what: 'float32[1, 2] does not fit float32[N, 3]',
    })
    await expect(session.run({ x: float32([1, 3]) }, ['z'])).rejects.toMatchObject({ code: 'runtime.feed' })
    await session.release()
  })

  test('refuses float16 at the edges', async () => {
    const g = new Graph('half')
    g.output('y', g.cast(g.input('x', [1]), 'float16'))
    await expect(createSession(g, cpu(1))).rejects.toMatchObject({ code: 'runtime.float16-edge' })
  })
})
