import { expect, test } from 'vitest'
import { Graph } from '../onnx/graph.ts'
import { float32 } from '../onnx/tensor.ts'
import { cpu } from '../runtime/devices.ts'
import { createSession } from '../runtime/session.ts'
import { gradients } from './gradients.ts'

test('uses of one value add up, and a gradient can be differentiated again', async () => {
  const g = new Graph('cube')
  const x = g.input('x', [])
  const y = g.mul(g.square(x), x) // x³
  const [first] = gradients(g, y, [x]) as [typeof x]
  const [second] = gradients(g, first, [x]) as [typeof x]
  g.output('first', first)
  g.output('second', second)
  const session = await createSession(g, cpu(1))
  const { first: dx, second: ddx } = await session.run({ x: float32([], [2]) })
  expect([dx!.data[0], ddx!.data[0]]).toEqual([12, 12])
  await session.release()
})

test('what the loss does not depend on gets zeros of its shape', async () => {
  const g = new Graph('independent')
  const x = g.input('x', ['N', 2])
  const [dx] = gradients(g, g.reduceSum(g.square(g.input('y', [3])), undefined, false), [x])
  g.output('dx', dx!)
  const session = await createSession(g, cpu(1))
  const out = await session.run({ x: float32([2, 2], [1, 2, 3, 4]), y: float32([3]) })
  expect(out.dx).toEqual(float32([2, 2]))
  await session.release()
})

test('a loss of several numbers is refused', () => {
  const g = new Graph('vector')
  const x = g.input('x', [3])
  expect(() => gradients(g, g.exp(x), [x])).toThrow(expect.objectContaining({ code: 'gradient.not-scalar' }))
})

test('an operator without a rule is named', () => {
  const g = new Graph('pooled')
  const x = g.input('x', [1, 1, 4, 4])
  const loss = g.reduceSum(g.maxPool(x, { kernel: 2 }), undefined, false)
  expect(() => gradients(g, loss, [x])).toThrow(
    expect.objectContaining({ code: 'gradient.no-rule', where: 'MaxPool "maxpool_0" in graph "pooled"' }),
  )
})

test('a form that a rule cannot differentiate is named', () => {
  const g = new Graph('reflected')
  const x = g.input('x', [4])
  const loss = g.reduceSum(g.pad(x, [1, 1], 'reflect'), undefined, false)
  expect(() => gradients(g, loss, [x])).toThrow(
    expect.objectContaining({ code: 'gradient.refused', what: 'padding by reflect is not differentiated' }),
  )
})
