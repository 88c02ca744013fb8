import type { EngineStatus, EventData } from '../contract/calls.ts'
import type { CallInput, CallName, CallOutput, EventName } from '../contract/calls.ts'
import { connect, type CallOptions, type Client } from '../contract/channel.ts'
import { StudioError } from '../contract/errors.ts'
import type { EngineProcess } from './engine-process.ts'

/** This many crashes within `WINDOW_MS` and the engine stays down until the window has passed. */
const CRASH_LIMIT = 3
const WINDOW_MS = 60_000

export interface SupervisorOptions {
  readonly launch: () => EngineProcess
  readonly now?: () => number
}

/**
 * Owns the engine process: starts it, starts it again when it dies, with one notice, and gives up when it keeps dying.
 * The engine keeps nothing that is not on disk, so every call may be repeated: a call that a crash interrupts is sent once more.
 */
export class Supervisor {
  private readonly launch: () => EngineProcess
  private readonly now: () => number
  private readonly listeners = new Set<Listener>()
  private crashes: { at: number; reason: string }[] = []
  private running: { process: EngineProcess; client: Client } | undefined
  private isStopped = false
  private current: EngineStatus = { phase: 'starting', devices: [] }

  constructor({ launch, now = Date.now }: SupervisorOptions) {
    this.launch = launch
    this.now = now
    this.start('starting')
  }

  get status(): EngineStatus {
    return this.current
  }

  /** Rejects like Client.call; with 'engine.failed' while the engine is given up. */
  async call<K extends CallName>(name: K, input: CallInput<K>, options: CallOptions<K> = {}): Promise<CallOutput<K>> {
    try {
      return await this.client().call(name, input, options)
    } catch (thrown) {
      if (!(thrown instanceof StudioError) || thrown.code !== 'engine.restarted' || this.isStopped) throw thrown
      return this.client().call(name, input, options)
    }
  }

  /** Hears every event of the engine and of its supervision. Returns the function that stops listening. */
  onEvent(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async stop(): Promise<void> {
    this.isStopped = true
    await this.running?.process.stop()
  }

  private client(): Client {
    if (this.running === undefined && !this.isStopped && this.recentCrashes().length < CRASH_LIMIT) this.start('restarting')
    if (this.running === undefined) throw this.failure()
    return this.running.client
  }

  private start(phase: 'starting' | 'restarting'): void {
    const process = this.launch()
    // Registered before the wire's own closing, so that a call which the crash interrupts finds the new process.
    process.onExit((reason) => this.gone(reason))
    const client = connect(process.wire)
    this.running = { process, client }
    client.on('notice', (notice) => this.emit('notice', notice))
    client.on('engine.status', (status) => this.tell(status))
    this.tell({ ...this.current, phase })
  }

  private gone(reason: string): void {
    this.running = undefined
    if (this.isStopped) return
    this.crashes = [...this.recentCrashes(), { at: this.now(), reason }]
    if (this.crashes.length < CRASH_LIMIT) {
      this.emit('notice', { kind: 'warning', text: 'The engine stopped and was started again. Your document is unharmed.' })
      this.start('restarting')
    } else {
      this.emit('notice', { kind: 'error', text: this.failure().message })
      this.tell({ ...this.current, phase: 'failed' })
    }
  }

  private recentCrashes(): { at: number; reason: string }[] {
    return this.crashes.filter(({ at }) => this.now() - at < WINDOW_MS)
  }

  private failure(): StudioError {
    const reason = this.crashes.at(-1)?.reason ?? 'it was stopped'
    return new StudioError('engine.failed', {
      where: 'The engine',
      what: `it stopped ${CRASH_LIMIT} times within a minute; the last time ${reason}`,
      todo: 'Wait a minute and try again, or start Stylebridge with STYLEBRIDGE_PROVIDER=cpu.',
    })
  }

  private tell(status: EngineStatus): void {
    this.current = status
    this.emit('engine.status', status)
  }

  private emit<K extends EventName>(name: K, data: EventData<K>): void {
    for (const listener of this.listeners) listener(name, data)
  }
}

type Listener = <K extends EventName>(name: K, data: EventData<K>) => void
