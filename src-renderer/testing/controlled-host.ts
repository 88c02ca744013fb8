import type { CallInput, CallName, CallOutput, CallProgress, EventData, EventName } from '../../src-main/contract/calls.ts'
import type { CallOptions, Client } from '../../src-main/contract/channel.ts'
import { Cancelled } from '../../src-main/contract/errors.ts'
import type { Host } from '../host/host.ts'

/** A call that waits for the test to answer it. */
export interface AskedCall<K extends CallName> {
  readonly name: K
  readonly input: CallInput<K>
  readonly signal: AbortSignal | undefined
  progress(value: CallProgress<K>): void
  answer(value: CallOutput<K>): Promise<void>
  fail(error: Error): Promise<void>
}

/** A host whose every answer is given by hand, so that a test plays any order of events. Never part of the product. */
export class ControlledHost implements Host {
  readonly asked: AskedCall<CallName>[] = []
  readonly #listeners = new Map<EventName, Set<(data: never) => void>>()

  readonly client: Client = {
    call: <K extends CallName>(name: K, input: CallInput<K>, options: CallOptions<K> = {}) =>
      new Promise<CallOutput<K>>((resolve, reject) => {
        const call: AskedCall<K> = {
          name,
          input: structuredClone(input),
          signal: options.signal,
          progress: (value) => options.onProgress?.(value),
          answer: (value) => (resolve(value), settled()),
          fail: (error) => (reject(error), settled()),
        }
        options.signal?.addEventListener('abort', () => reject(new Cancelled()))
        this.asked.push(call)
      }),
    on: (name, listener) => {
      const set = this.#listeners.get(name) ?? new Set()
      this.#listeners.set(name, set)
      set.add(listener)
      return () => set.delete(listener)
    },
  }

  /** The latest call of a name. */
  last<K extends CallName>(name: K): AskedCall<K> {
    const call = this.asked.findLast((each) => each.name === name)
    if (call === undefined) throw new Error(`${name} was not called; called were ${this.asked.map((each) => each.name).join(', ')}`)
    return call as unknown as AskedCall<K>
  }
  count(name: CallName): number {
    return this.asked.filter((call) => call.name === name).length
  }
  emit<K extends EventName>(name: K, data: EventData<K>): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(data as never)
  }
  blobUrl(sha256: string): string {
    return `blobs/${sha256}`
  }
  upload(file: File) {
    return Promise.resolve({ sha256: 'f'.repeat(64), type: file.type, bytes: file.size })
  }
}

/** After every promise and watcher that is due. */
export const settled = () => new Promise<void>((resolve) => setTimeout(resolve))
