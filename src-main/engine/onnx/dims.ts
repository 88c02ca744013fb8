/** A dimension: a size, or the name of one that is known only when the graph runs ('N', or derived: '12*N'). */
export type Dim = number | string
export type Shape = readonly Dim[]

/** `k · symbols`, symbols sorted: the normal form in which products of dimensions are compared and divided. */
interface Term {
  readonly k: number
  readonly symbols: readonly string[]
}

function term(d: Dim): Term {
  if (typeof d === 'number') return { k: d, symbols: [] }
  const factors = splitFactors(d)
  const k = factors.filter((f) => /^\d+$/.test(f)).reduce((n, f) => n * Number(f), 1)
  return { k, symbols: factors.filter((f) => !/^\d+$/.test(f)).sort() }
}

function splitFactors(name: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i <= name.length; i++) {
    if (i === name.length || (name[i] === '*' && depth === 0)) {
      parts.push(name.slice(start, i))
      start = i + 1
    } else if (name[i] === '(') depth++
    else if (name[i] === ')') depth--
  }
  return parts
}

function dim({ k, symbols }: Term): Dim {
  if (symbols.length === 0 || k === 0) return k
  return k === 1 ? symbols.join('*') : [k, ...symbols].join('*')
}

/** The product of dimensions, in normal form: times(2, 'N', 3) is '6*N'. */
export function times(...dims: readonly Dim[]): Dim {
  const terms = dims.map(term)
  return dim({ k: terms.reduce((n, t) => n * t.k, 1), symbols: terms.flatMap((t) => t.symbols).sort() })
}

/** a / b where it divides evenly, else undefined: over('12*N', 4) is '3*N'. */
export function over(a: Dim, b: Dim): Dim | undefined {
  const [x, y] = [term(a), term(b)]
  const symbols = [...x.symbols]
  for (const s of y.symbols) {
    const at = symbols.indexOf(s)
    if (at < 0) return undefined
    symbols.splice(at, 1)
  }
  return y.k !== 0 && x.k % y.k === 0 ? dim({ k: x.k / y.k, symbols }) : undefined
}

/** The sum of two dimensions; like terms are collected, others become a name of their own: plus('N', 2) is '(N+2)'. */
export function plus(a: Dim, b: Dim): Dim {
  const [x, y] = [term(a), term(b)]
  if (x.symbols.join() === y.symbols.join()) return dim({ k: x.k + y.k, symbols: x.symbols })
  if (b === 0) return a
  if (a === 0) return b
  return `(${a}${typeof b === 'number' && b < 0 ? '' : '+'}${b})`
}

/** ⌊(d + add) / by⌋ + 1, the length that a window leaves; linear where `by` is 1. */
export function windows(d: Dim, add: number, by: number, ceil = false): Dim {
  if (typeof d === 'number') return (ceil ? Math.ceil((d + add) / by) : Math.floor((d + add) / by)) + 1
  if (by === 1) return plus(d, add + 1)
  const even = over(d, by)
  // ⌊(k·by + add) / by⌋ + 1 with −by ≤ add < 0 is k: the usual "half the size" layers keep tidy names.
  if (even !== undefined && add < 0 && add >= -by && !ceil) return even
  return `(${plus(d, add)}/${by}+1)`
}

/** Whether a name says nothing: '?' and whatever starts with it match every dimension. */
export const isUnknown = (d: Dim): boolean => typeof d === 'string' && d.startsWith('?')

/** Whether two dimensions may be the same when the graph runs. */
export const mayEqual = (a: Dim, b: Dim): boolean => a === b || typeof a !== typeof b || isUnknown(a) || isUnknown(b)

/** The broadcast shape of several (numpy's rule), or undefined if they do not fit. A name meets only itself, 1 or a number. */
export function broadcast(...shapes: readonly Shape[]): Shape | undefined {
  const rank = Math.max(...shapes.map((s) => s.length))
  const out: Dim[] = []
  for (let i = 0; i < rank; i++) {
    let result: Dim = 1
    for (const s of shapes) {
      const at = i - (rank - s.length)
      const d = at < 0 ? 1 : s[at]!
      if (d === 1 || d === result) continue
      if (result !== 1 && !mayEqual(d, result)) return undefined
      if (result === 1 || isUnknown(result) || typeof d === 'number') result = d
    }
    out.push(result)
  }
  return out
}

/** "[N, 3, 64, 64]" */
export const show = (s: Shape): string => `[${s.join(', ')}]`
