import { narrow } from './input.ts'
import type { Machine } from './machine.ts'
import { tuple } from './values.ts'

type Operation = (m: Machine) => void

const decimalCap = 600

/** pickle's instructions, protocols 0 to 5, by their byte. Not among them: the extension registry, which can stand for anything. */
export const opcodes: readonly (Operation | undefined)[] = table({
  '(': (m) => m.mark(),
  '.': (m) => m.stop(),
  '0': (m) => m.popAny(),
  '1': (m) => void m.popMark(),
  '2': (m) => m.push(m.top()),
  N: (m) => m.push(null),
  '\x88': (m) => m.push(true),
  '\x89': (m) => m.push(false),
  // Numbers
  F: (m) => m.push(decimal(m, Number)),
  I: (m) => m.push(oldInteger(m)),
  J: (m) => m.push(m.input.int32()),
  K: (m) => m.push(m.input.byte()),
  L: (m) => m.push(decimal(m, (text) => toLong(m, text.replace(/L$/, '')))),
  M: (m) => m.push(m.input.uint(2)),
  G: (m) => m.push(m.input.float64()),
  '\x8a': (m) => m.push(m.input.long(m.input.byte())),
  '\x8b': (m) => m.push(m.input.long(m.input.uint(4))),
  // Texts and bytes
  S: (m) => m.push(quoted(m)),
  T: (m) => m.oldString(m.input.int32()),
  U: (m) => m.oldString(m.input.byte()),
  V: (m) => m.push(m.input.line().replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))),
  X: (m) => m.push(m.input.text(m.input.uint(4))),
  '\x8c': (m) => m.push(m.input.text(m.input.byte())),
  '\x8d': (m) => m.push(m.input.text(m.input.length64())),
  B: (m) => m.bytes(m.input.uint(4)),
  C: (m) => m.bytes(m.input.byte()),
  '\x8e': (m) => m.bytes(m.input.length64()),
  '\x96': (m) => m.bytes(m.input.length64()),
  // Containers
  ']': (m) => m.push([]),
  l: (m) => m.push(m.popMark()),
  a: (m) => {
    const item = m.pop()
    m.append([item])
  },
  e: (m) => m.append(m.popMark()),
  ')': (m) => m.push(tuple([])),
  t: (m) => m.push(tuple(m.popMark())),
  '\x85': (m) => m.push(tuple([m.pop()])),
  '\x86': (m) => {
    const [b, a] = [m.pop(), m.pop()]
    m.push(tuple([a, b]))
  },
  '\x87': (m) => {
    const [c, b, a] = [m.pop(), m.pop(), m.pop()]
    m.push(tuple([a, b, c]))
  },
  '}': (m) => m.push(new Map()),
  d: (m) => m.dictionary(m.popMark()),
  s: (m) => {
    const [value, key] = [m.pop(), m.pop()]
    m.setItems([key, value])
  },
  u: (m) => m.setItems(m.popMark()),
  '\x8f': (m) => m.push(new Set()),
  '\x90': (m) => m.addItems(m.popMark()),
  '\x91': (m) => m.push(new Set(m.popMark())),
  // Memo
  p: (m) => m.remember(place(m)),
  q: (m) => m.remember(m.input.byte()),
  r: (m) => m.remember(m.input.uint(4)),
  '\x94': (m) => m.memoize(),
  g: (m) => m.recall(place(m)),
  h: (m) => m.recall(m.input.byte()),
  j: (m) => m.recall(m.input.uint(4)),
  // Names and objects: only what the closed list has
  c: (m) => m.push(m.global(m.input.line(), m.input.line())),
  '\x93': (m) => m.stackGlobal(),
  R: (m) => {
    const args = m.pop()
    m.call(m.pop(), args)
  },
  '\x81': (m) => {
    const args = m.pop()
    m.call(m.pop(), args)
  },
  '\x92': (m) => {
    const [named, args] = [m.pop(), m.pop()]
    if (!(named instanceof Map) || named.size > 0) throw m.damaged('calls', 'it makes an object with named arguments')
    m.call(m.pop(), args)
  },
  i: (m) => {
    const name = m.global(m.input.line(), m.input.line())
    m.call(name, m.popMark())
  },
  o: (m) => {
    const [name, ...args] = m.popMark()
    m.call(name ?? null, args)
  },
  b: (m) => m.build(),
  P: (m) => m.persistent(m.input.line()),
  Q: (m) => m.persistent(m.pop()),
  // Framing
  '\x80': (m) => {
    const version = m.input.byte()
    if (version > 5) throw m.damaged('protocol', `it is of protocol ${version}, which does not exist`)
  },
  '\x95': (m) => void m.input.length64(),
  '\x82': extension,
  '\x83': extension,
  '\x84': extension,
  '\x97': outside,
  '\x98': outside,
})

function table(entries: Record<string, Operation>): (Operation | undefined)[] {
  const all = new Array<Operation | undefined>(256)
  for (const [key, operation] of Object.entries(entries)) all[key.charCodeAt(0)] = operation
  return all
}

function extension(m: Machine): never {
  throw m.damaged('extension', 'it names something by a number of Python’s extension registry')
}

function outside(m: Machine): never {
  throw m.damaged('persistent', 'it refers to a buffer outside itself')
}

/** Index of the memo, as text. */
function place(m: Machine): number {
  const text = m.input.line()
  if (!/^\d{1,10}$/.test(text)) throw m.damaged('memo', 'it refers to a part by something that is no number')
  return Number(text)
}

function decimal<T>(m: Machine, parse: (text: string) => T): T {
  const text = m.input.line()
  if (text.length > decimalCap || !/^[-+]?(\d[\d_]*\.?\d*(e[-+]?\d+)?|\.\d+(e[-+]?\d+)?|inf|nan)L?$/i.test(text))
    throw m.damaged('number', 'a number is none')
  return parse(text)
}

const toLong = (m: Machine, text: string) => {
  if (!/^-?\d+$/.test(text)) throw m.damaged('number', 'an integer is none')
  return narrow(BigInt(text))
}

/** Protocol 0 writes truth as "I01". */
function oldInteger(m: Machine): boolean | number | bigint {
  return decimal(m, (text) => (text === '01' ? true : text === '00' ? false : toLong(m, text)))
}

/** A Python text literal in quotes. */
function quoted(m: Machine): string {
  const text = m.input.line()
  const quote = text[0]
  if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) throw m.damaged('not-text', 'a text has no quotes')
  return text
    .slice(1, -1)
    .replace(/\\(x[0-9a-f]{2}|[\\'"nrt])/gi, (_, e: string) =>
      e.length > 1 ? String.fromCharCode(parseInt(e.slice(1), 16)) : (escapes[e] ?? e),
    )
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
