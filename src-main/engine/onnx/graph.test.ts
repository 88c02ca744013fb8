import { describe, expect, test } from 'vitest'
import { Graph } from './graph.ts'
import { float32, int64 } from './tensor.ts'

const failing = (code: string, what?: string) => expect.objectContaining(what === undefined ? { code } : { code, what }) as Error

describe('a graph', () => {
  test('takes an initializer twice only if it is the same', () => {
    const g = new Graph('names')
    const w = g.initializer('w', float32([2], [1, 2]))
    expect(g.initializer('w', float32([2], [1, 2]))).toBe(w)
    expect(() => g.initializer('w', float32([2], [1, 3]))).toThrow(failing('onnx.name'))
    expect(() => g.input('w', [1])).toThrow(failing('onnx.name'))
  })

  test('keeps equal constants once', () => {
    const g = new Graph('constants')
    expect(g.constant(2)).toBe(g.constant(float32([], [2])))
    expect(g.constant([2])).not.toBe(g.constant(2))
    expect(g.constant(int64([], [2]))).not.toBe(g.constant(2))
  })

  test('a number takes the type of its partner', () => {
    const g = new Graph('numbers')
    expect(g.add(g.input('i', ['N'], 'int64'), 1).dtype).toBe('int64')
    expect(g.mul(Math.SQRT2, g.cast(g.input('x', ['N']), 'float16')).dtype).toBe('float16')
  })

  test('refuses values of another graph and outputs that exist', () => {
    const g = new Graph('one')
    expect(() => g.neg(new Graph('two').input('x', [1]))).toThrow(failing('onnx.foreign-value'))
    const x = g.input('x', [1])
    g.output('y', x)
    expect(() => g.output('y', x)).toThrow(failing('onnx.name'))
  })
})

describe('a wrong shape is refused when the node is made, with operator and shapes:', () => {
  const g = new Graph('wrong')
  const image = g.input('image', ['N', 3, 8, 8])
  const kernel = g.initializer('kernel', float32([4, 2, 3, 3]))
  const rows = g.input('rows', ['N', 5])
  test.each<[string, () => unknown]>([
    ['the kernel takes 2 × 1 channels; its inputs are float32[N, 3, 8, 8], float32[4, 2, 3, 3]', () => g.conv(image, kernel)],
    ['inner dimensions differ; its inputs are float32[N, 5], float32[2]', () => g.matmul(rows, g.constant([1, 2]))],
    ['shapes do not broadcast; its inputs are float32[N, 3, 8, 8], float32[N, 5]', () => g.add(image, rows)],
    ['7 does not', () => g.reshape(rows, [0, 7])],
    ['types differ', () => g.add(rows, g.cast(rows, 'int64'))],
    ['axis 2 is outside rank 2', () => g.softmax(rows, 2)],
    ['sizes [1, 1] do not cover axis 1', () => g.split(rows, 1, [1, 1])],
    ['channels do not divide by 4', () => g.depthToSpace(image, 2, 'CRD')],
    ['[0, 0] is no permutation', () => g.transpose(rows, [0, 0])],
    ['does not fit beside the first', () => g.concat([image, rows], 0)],
    ['the picture is smaller than the kernel', () => g.conv(g.input('dot', [1, 2, 1, 1]), kernel)],
  ])('%s', (what, build) => {
    const words = what === '7 does not' ? 'does not hold as many values' : what
    expect(build).toThrow(
      expect.objectContaining({
        code: 'onnx.shape',
        what: expect.stringContaining(words),
        where: expect.stringContaining('in graph "wrong"'),
      }) as Error,
    )
  })

  test('an operator without a shape rule is named', () => {
    expect(() => g.op('Mystery', [rows])).toThrow(failing('onnx.operator', 'there is no shape rule for Mystery'))
  })
})
