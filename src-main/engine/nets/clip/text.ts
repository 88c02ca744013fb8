import { StudioError } from '../../../contract/errors.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { float32 } from '../../onnx/tensor.ts'
import type { Parameters } from '../parameters.ts'
import type { ClipArchitecture } from './architecture.ts'
import { norm, transformer } from './transformer.ts'
import { unitLength } from './unit-length.ts'

/** A score that no softmax keeps and that float16 can hold. */
const NEVER = -3e4

/**
 * CLIP's text encoder fText [N,D] = E_T(tokens), of unit length. tokens int64 [N,T], T known and at most the context: start, words, end, zeros.
 * It is read where the largest token stands: the end token has the largest id.
 * @throws StudioError `clip.tokens-shape`
 */
export function clipText(g: Graph, a: ClipArchitecture, p: Parameters, tokens: Value): Value {
  const { width, layers, heads, context } = a.text
  const length = tokens.shape[1]
  if (tokens.dtype !== 'int64' || typeof length !== 'number' || length > context) {
    const what = `they are ${tokens.dtype} of shape [${tokens.shape.join(', ')}]`
    throw new StudioError('clip.tokens-shape', { where: 'tokens', what, todo: `Give int64 tokens [N,T], T at most ${context}.` })
  }
  const positions = g.initializer('positional_embedding', p.tensor('positional_embedding'))
  const words = g.gather(g.initializer('token_embedding.weight', p.tensor('token_embedding.weight')), tokens, 0) // [N,T,W]
  let x = g.add(words, length < context ? g.slice(positions, 0, 0, length) : positions)
  x = transformer(g, p, 'transformer', g.reshape(x, [-1, width]), {
    layers,
    heads,
    tokens: length,
    mask: g.constant(causal(length)),
    activation: a.activation,
  }) // [N·T,W]
  const last = g.argMax(g.cast(tokens, 'float32'), 1) // [N,1]; ids are far below 2²⁴, exact as float32
  const here = g.cast(g.equal(g.range(0, length), last), 'float32') // [N,T], one in each row
  const read = g.matmul(g.reshape(here, [-1, 1, length]), g.reshape(x, [-1, length, width])) // [N,1,W]
  const projection = g.initializer('text_projection', p.tensor('text_projection'))
  return unitLength(g, g.matmul(norm(g, p, 'ln_final', g.reshape(read, [-1, width])), projection))
}

/** [T,T]: a token sees itself and those before it. */
function causal(length: number) {
  return float32(
    [length, length],
    Float32Array.from({ length: length * length }, (_, i) => (i % length > Math.floor(i / length) ? NEVER : 0)),
  )
}
