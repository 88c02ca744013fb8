import { refuse } from '../refuse.ts'
import { opcodes } from './opcodes.ts'
import { PickleInput } from './input.ts'
import { Global, Instance, NumpyType, type Context, type Plain, type Rule } from './values.ts'
import type { Bytes } from '../bytes.ts'

export interface UnpickleOptions {
  /** The closed list: what a name like "collections.OrderedDict" may build; undefined refuses the file. */
  readonly globals: (name: string) => Rule | undefined
  /** What a persistent id stands for (torch's storages); absent refuses the file. */
  readonly persistent?: (id: Plain) => Plain
  readonly depth?: number
}

/** Every operation takes a byte of the file and at most some hundred bytes of memory; published files have some hundred thousand. */
const operationCap = 2_000_000

/**
 * Reads one pickle of protocol 0 to 5 as plain data. Nothing is imported and nothing is called: names are looked up in a closed list whose rules build
 * values. `end` is the place after it. Errors: pickle.* (unknown-opcode, unknown-global, calls, truncated, stack, memo, too-long, …).
 */
export function unpickle(source: Bytes, at: number, options: UnpickleOptions): { value: Plain; end: number } {
  const machine = new Machine(source, at, options)
  for (let count = 0; !machine.isDone; count++) {
    if (count >= operationCap) throw refuse('pickle.too-long', source.where, `it has more than ${operationCap} steps`)
    machine.step()
  }
  return { value: machine.result, end: machine.input.at }
}

/** The stack machine of pickles; one method for each thing that an opcode can do. */
export class Machine {
  readonly input: PickleInput
  readonly where: string
  isDone = false
  result: Plain = null
  readonly #stack: Plain[] = []
  readonly #marks: number[] = []
  readonly #memo = new Map<number, Plain>()
  readonly #options: UnpickleOptions
  readonly #context: Context

  constructor(source: Bytes, at: number, options: UnpickleOptions) {
    this.input = new PickleInput(source, at)
    this.where = source.where
    this.#options = options
    // Whatever is copied was written at least once, a byte or more an item.
    let left = 2 * source.size + 4096
    const spend = (items: number) => {
      left -= items
      if (left < 0) throw this.damaged('bomb', 'it copies its own parts over and over')
    }
    this.#context = { where: source.where, depth: options.depth ?? 0, spend }
  }

  step(): void {
    const at = this.input.at
    const code = this.input.byte()
    const operation = opcodes[code]
    if (!operation)
      throw refuse(
        'pickle.unknown-opcode',
        this.where,
        `byte ${at} is ${code}, which is no pickle instruction`,
        'It is damaged or is no pickle; get it again.',
      )
    operation(this)
  }

  push(value: Plain): void {
    this.#stack.push(value)
  }

  pop(): Plain {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw this.damaged('stack', 'it takes something that it never put there')
    return this.#stack.pop()!
  }

  top(): Plain {
    const value = this.pop()
    this.#stack.push(value)
    return value
  }

  mark(): void {
    this.#marks.push(this.#stack.length)
  }

  /** What lies above the last mark. */
  popMark(): Plain[] {
    const mark = this.#marks.pop()
    if (mark === undefined) throw this.damaged('stack', 'it closes a group that it never opened')
    return this.#stack.splice(mark)
  }

  /** POP takes a mark too, where nothing lies above it. */
  popAny(): void {
    if (this.#marks.at(-1) === this.#stack.length) this.#marks.pop()
    else this.pop()
  }

  remember(index: number): void {
    this.#memo.set(index, this.top())
  }

  memoize(): void {
    this.remember(this.#memo.size)
  }

  recall(index: number): void {
    const value = this.#memo.get(index)
    if (value === undefined) throw this.damaged('memo', `it refers to its part ${index}, which does not exist`)
    this.#stack.push(value)
  }

  stop(): void {
    this.result = this.pop()
    this.isDone = true
  }

  /** A listed name. The name has no dots: with them Python would look for attributes. */
  global(module: string, name: string): Global {
    const full = `${module}.${name}`
    const rule = name.includes('.') ? undefined : this.#options.globals(full)
    if (rule) return new Global(full, rule)
    const shown = full.length > 120 ? `${full.slice(0, 120)}…` : full
    throw refuse(
      'pickle.unknown-global',
      this.where,
      `it wants ${JSON.stringify(shown)}, which is not on the list of names that only build data`,
      'Nothing was executed. Save the weights alone (a state_dict or .safetensors), or get the file from a source that you trust.',
    )
  }

  stackGlobal(): void {
    const [name, module] = [this.pop(), this.pop()]
    if (typeof name !== 'string' || typeof module !== 'string')
      throw this.damaged('calls', 'it builds a name out of something that is no text')
    this.push(this.global(module, name))
  }

  /** REDUCE, NEWOBJ, INST and OBJ: only names of the list that have a rule. */
  call(callee: Plain, args: Plain): void {
    if (!(callee instanceof Global) || !callee.rule.call) {
      const what =
        callee instanceof Global ? `it calls ${callee.name}, which is only a name here` : 'it calls something that is no listed name'
      throw refuse('pickle.calls', this.where, what, 'Nothing was executed. Do not use this file; get it from a source that you trust.')
    }
    if (!Array.isArray(args)) throw this.damaged('calls', `it calls ${callee.name} without a list of arguments`)
    this.push(callee.rule.call(args, this.#context))
  }

  persistent(id: Plain): void {
    if (!this.#options.persistent) throw this.damaged('persistent', 'it refers to data outside itself')
    this.push(this.#options.persistent(id))
  }

  /** BUILD: the state of an object. Attributes of dictionaries (OrderedDict's metadata) say nothing that we need. */
  build(): void {
    const state = this.pop()
    const target = this.top()
    if (target instanceof Instance) target.state = state
    else if (target instanceof NumpyType) target.isBigEndian = Array.isArray(state) && state[1] === '>'
    else if (!(target instanceof Map)) throw this.damaged('build', 'it sets the state of something that has none')
  }

  append(items: readonly Plain[]): void {
    const list = this.top()
    if (!Array.isArray(list) || Object.isFrozen(list)) throw this.damaged('stack', 'it appends to something that is no list')
    for (const item of items) list.push(item)
  }

  /** Pairs of key and value into the dictionary on top. */
  setItems(items: readonly Plain[]): void {
    const target = this.top()
    if (!(target instanceof Map) || items.length % 2 === 1) throw this.damaged('stack', 'it fills something that is no dictionary')
    for (let i = 0; i < items.length; i += 2) target.set(items[i]!, items[i + 1]!)
  }

  addItems(items: readonly Plain[]): void {
    const target = this.top()
    if (!(target instanceof Set)) throw this.damaged('stack', 'it fills something that is no set')
    for (const item of items) target.add(item)
  }

  dictionary(items: readonly Plain[]): void {
    this.push(new Map())
    this.setItems(items)
  }

  bytes(length: number): void {
    this.push(this.input.blob(length))
  }

  /** Python 2's byte strings: texts where they are short, bytes where they hold numbers. */
  oldString(length: number): void {
    if (length < 0) throw this.damaged('truncated', 'it announces a negative length')
    this.push(length > 4096 ? this.input.blob(length) : this.input.latin1(length))
  }

  damaged(reason: string, what: string) {
    return refuse(
      `pickle.${reason}`,
      this.where,
      `${what} (before byte ${this.input.at})`,
      'It is damaged or was made to mislead; get it again.',
    )
  }
}
