import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StudioError } from '../../contract/errors.ts'
import { cpu } from '../runtime/devices.ts'
import { createSession } from '../runtime/session.ts'
import { Graph } from './graph.ts'
import { readModel, writeModel } from './model.ts'
import { ProtobufWriter } from './protobuf.ts'
import { float32, int64 } from './tensor.ts'

function small(): Graph {
  const g = new Graph('small')
  const x = g.input('x', ['N', 2, 4, 4])
  const w = g.initializer(
    'w',
    float32(
      [4, 2, 3, 3],
      Float32Array.from({ length: 72 }, (_, i) => i / 72),
    ),
  )
  const y = g.leakyRelu(g.conv(x, w, undefined, { pads: 1 }), 0.2)
  const up = g.resize(y, { sizes: [8, 8], mode: 'cubic' })
  g.output('mean', g.reduceMean(up, [2, 3], false))
  g.output('x', x)
  return g
}

/** A model around the graph that `fill` writes. */
function model(fill: (graph: ProtobufWriter) => void, opset = 21): Uint8Array {
  return new ProtobufWriter()
    .int(1, 10)
    .message(7, (m) => fill(m.string(2, 'strange')))
    .message(8, (m) => m.int(2, opset))
    .finish()
}

const tensorOf = (fill: (t: ProtobufWriter) => void) => model((m) => m.message(5, (t) => fill(t.string(8, 'w'))))
const nodeOf = (fill: (n: ProtobufWriter) => void) =>
  model((m) =>
    m
      .message(5, (t) => t.int(1, 2).int(2, 1).string(8, 'w').bytes(9, new Uint8Array(8)))
      .message(1, (n) => fill(n.string(1, 'w').string(2, 'y'))),
  )

describe('a written model', () => {
  test('reads back as the same graph, which writes the same bytes', () => {
    const once = readModel(writeModel(small()))
    expect(writeModel(once)).toEqual(writeModel(readModel(writeModel(once))))
    expect(once.inputs.map(({ name, shape }) => [name, shape])).toEqual([['x', ['N', 2, 4, 4]]])
    expect(once.outputs.get('mean')!.shape).toEqual(['N', 4])
    expect(once.nodes.map((n) => n.type)).toEqual(['Conv', 'LeakyRelu', 'Resize', 'ReduceMean', 'Identity', 'Identity'])
  })

  test('computes the same after it was read', async () => {
    const [a, b] = [small(), readModel(writeModel(small()))]
    const x = float32(
      [1, 2, 4, 4],
      Float32Array.from({ length: 32 }, (_, i) => Math.sin(i)),
    )
    const results = []
    for (const g of [a, b]) {
      const session = await createSession(g, cpu(1))
      results.push((await session.run({ x })).mean)
      await session.release()
    }
    expect(results[0]).toEqual(results[1])
  })

  test('leaves out what no output needs', () => {
    const g = small()
    g.exp(g.constant(float32([100])))
    const { nodes, initializers } = readModel(writeModel(g))
    expect(nodes.map((n) => n.type)).not.toContain('Exp')
    expect([...initializers.values()].map((t) => t.shape)).not.toContainEqual([100])
  })

  test('may keep its weights elsewhere', () => {
    const g = small()
    const bytes = writeModel(g, {
      external: (name, t) => (name === 'w' ? { location: 'weights/w.bin', offset: 64, length: t.data.byteLength } : undefined),
    })
    const kept = g.initializers.get('w')!
    const again = readModel(bytes, {
      external: ({ location, offset, length }) => {
        expect([location, offset, length]).toEqual(['weights/w.bin', 64, 288])
        return new Uint8Array(kept.data.buffer)
      },
    })
    expect(again.initializers.get('w')).toEqual(kept)
    expect(() => readModel(bytes)).toThrow(expect.objectContaining({ code: 'onnx.external-data' }))
  })

  test('axes of older reductions become an input', () => {
    const bytes = nodeOf((n) => n.string(4, 'ReduceMean').message(5, (a) => a.string(1, 'axes').int(8, 0).int(20, 7)))
    const [node] = readModel(bytes).nodes
    expect(node!.attributes.axes).toBeUndefined()
    expect(node!.outputs[0]!.shape).toEqual([1])
  })

  test('typed fields hold values as well as raw bytes do', () => {
    const { initializers } = readModel(tensorOf((t) => t.int(1, 2).int(2, 7).int(7, 5).int(7, -3)))
    expect(initializers.get('w')).toEqual(int64([2], [5, -3]))
  })
})

describe('a strange model is refused by name:', () => {
  const cut = writeModel(small())
  test.each<[string, Uint8Array]>([
    ['onnx.truncated', cut.subarray(0, cut.length - 3)],
    ['onnx.truncated', Uint8Array.of(0x3a, 0xff)],
    ['onnx.truncated', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f)],
    ['onnx.varint', new Uint8Array(11).fill(0xff)],
    ['onnx.wire-type', Uint8Array.of(0x0b)],
    ['onnx.wire-type', new ProtobufWriter().int(7, 1).finish()],
    ['onnx.no-graph', new Uint8Array(0)],
    ['onnx.opset', model(() => undefined, 9)],
    ['onnx.domain', nodeOf((n) => n.string(4, 'Conv').string(7, 'com.example'))],
    ['onnx.operator', nodeOf((n) => n.string(4, 'Loop'))],
    ['onnx.attribute', nodeOf((n) => n.string(4, 'If').message(5, (a) => a.string(1, 'then').message(6, (s) => s.string(2, 'inner'))))],
    ['onnx.attribute', nodeOf((n) => n.string(4, 'Constant'))],
    ['onnx.element-type', tensorOf((t) => t.int(2, 8))],
    [
      'onnx.tensor-size',
      tensorOf((t) =>
        t
          .int(1, 2 ** 40)
          .int(2, 1)
          .bytes(9, new Uint8Array(8)),
      ),
    ],
    [
      'onnx.tensor-size',
      tensorOf((t) =>
        t
          .int(1, 2 ** 40)
          .int(1, 2 ** 40)
          .int(2, 1),
      ),
    ],
    ['onnx.tensor-size', tensorOf((t) => t.int(1, -1).int(1, -2).int(2, 1).bytes(9, new Uint8Array(8)))],
    ['onnx.tensor-size', tensorOf((t) => t.int(1, 3).int(2, 7).int(7, 1))],
    [
      'onnx.external-data',
      tensorOf((t) =>
        t
          .int(1, 1)
          .int(2, 1)
          .int(14, 1)
          .message(13, (e) => e.string(1, 'location').string(2, '../w')),
      ),
    ],
    ['onnx.unknown-value', nodeOf((n) => n.string(4, 'Add').string(1, 'nowhere'))],
    ['onnx.value-type', model((m) => m.message(11, (v) => v.string(1, 'x')))],
    ['onnx.name', model((m) => m.message(5, (t) => t.int(2, 1).bytes(9, new Uint8Array(4))))],
    ['onnx.operator', nodeOf((n) => n.string(4, 'Exp').string(2, 'second'))],
    [
      'onnx.name',
      model((m) => [0, 1].forEach(() => m.message(11, (v) => v.string(1, 'x').message(2, (t) => t.message(1, (f) => f.int(1, 1)))))),
    ],
    ['onnx.shape', nodeOf((n) => n.string(4, 'Gemm').string(1, 'w'))],
    ['onnx.unreadable', nodeOf((n) => n.string(4, 'Transpose').message(5, (a) => a.string(1, 'perm').int(3, 1)))],
  ])('%s (%#)', (code, bytes) => {
    expect(() => readModel(bytes)).toThrow(expect.objectContaining({ code }))
  })

  test('a place outside the folder is refused even where files are allowed', () => {
    for (const location of ['/etc/passwd', '../w', 'a/../../w', '', 'a//b', 'C:\\w']) {
      const bytes = tensorOf((t) =>
        t
          .int(1, 1)
          .int(2, 1)
          .int(14, 1)
          .message(13, (e) => e.string(1, 'location').string(2, location)),
      )
      expect(() => readModel(bytes, { external: () => new Uint8Array(4) })).toThrow(expect.objectContaining({ code: 'onnx.external-data' }))
    }
  })

  test('any bytes may fail, none may crash', () => {
    const good = writeModel(small())
    const readable = (bytes: Uint8Array) => {
      try {
        readModel(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(StudioError)
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readable), { seed: 1, numRuns: 300 })
    const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    const damaged = (changes: [number, number][]) => {
      const bytes = good.slice()
      for (const [at, value] of changes) bytes[at] = value
      readable(bytes)
    }
    fc.assert(fc.property(damage, damaged), { seed: 2, numRuns: 1000 })
  })
})
