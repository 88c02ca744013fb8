import type { EngineStatus, EventData } from '../../contract/calls.ts'
import { cpu, type Device } from '../../engine/runtime/devices.ts'

export interface DeviceListener {
  status(status: EngineStatus): void
  notice(notice: EventData<'notice'>): void
}

export class DeviceKeeper {
  readonly threads: number | undefined
  status: EngineStatus = { phase: 'starting', devices: [] }
  private readonly listener: DeviceListener
  constructor(_cache: string, listener: DeviceListener, env: NodeJS.ProcessEnv = process.env) {
    this.listener = listener
    this.threads = env.STYLEBRIDGE_THREADS === undefined ? undefined : Number(env.STYLEBRIDGE_THREADS)
  }
  start(): void {
    this.status = { phase: 'ready', device: { provider: 'cpu', label: 'Processor', present: true, works: true, note: '' }, devices: [] }
    this.listener.status(this.status)
  }
  async device(): Promise<Device> {
    return cpu(this.threads)
  }
}
