import { join } from 'node:path'
import type { EngineStatus, EventData } from '../../contract/calls.ts'
import { chooseDevice, type Choice } from '../../engine/runtime/choose-device.ts'
import { PROVIDERS, type Device, type ProviderId } from '../../engine/runtime/devices.ts'
import { probeProviders, type ProbeOptions, type ProviderVerdict } from '../../engine/runtime/probe.ts'

export interface DeviceListener {
  status(status: EngineStatus): void
  notice(notice: EventData<'notice'>): void
}

export interface DeviceSettings {
  readonly cache: string
  /** What to run for a probe where modules are bundled. */
  readonly probeEntry?: string | undefined
  /** STYLEBRIDGE_PROVIDER: a provider, or "auto"; STYLEBRIDGE_THREADS: for the processor. */
  readonly env?: NodeJS.ProcessEnv
  readonly probe?: (options: ProbeOptions) => Promise<readonly ProviderVerdict[]>
}

/** Which device the engine runs on: probes once for each machine, chooses, says so, and announces when it is not the wanted one. */
export class DeviceKeeper {
  readonly threads: number | undefined
  status: EngineStatus = { phase: 'starting', devices: [] }
  private readonly wanted: string
  private readonly settings: DeviceSettings
  private readonly listener: DeviceListener
  private chosen: Promise<Device> | undefined

  constructor(settings: DeviceSettings, listener: DeviceListener) {
    const { STYLEBRIDGE_PROVIDER: wanted = 'auto', STYLEBRIDGE_THREADS: threads } = settings.env ?? process.env
    this.settings = settings
    this.listener = listener
    this.wanted = wanted
    this.threads = threads === undefined || !(Number(threads) > 0) ? undefined : Number(threads)
  }

  /** Says that calls are welcome, and looks for the device meanwhile. */
  start(): void {
    this.tell({ phase: 'ready', devices: [] })
    void this.device()
  }

  device(): Promise<Device> {
    this.chosen ??= this.choose()
    return this.chosen
  }

  private async choose(): Promise<Device> {
    const verdicts = await this.verdicts()
    const choice = this.choice(verdicts)
    const { provider, label } = choice.device
    const verdict = verdicts.find((candidate) => candidate.provider === provider)
    const device = { provider, label, present: true, works: true, note: verdict?.reason ?? choice.reason }
    const fallback = choice.fellBackFrom === undefined ? {} : { fallback: choice.reason }
    this.tell({
      phase: 'ready',
      device,
      devices: verdicts.map((v) => ({ provider: v.provider, label: v.label, present: v.isPresent, works: v.works, note: v.reason })),
      ...fallback,
    })
    if (choice.fellBackFrom !== undefined)
      this.listener.notice({ kind: 'warning', text: `${choice.reason} The processor is used instead.` })
    return choice.device
  }

  private async verdicts(): Promise<readonly ProviderVerdict[]> {
    if (this.wanted === 'cpu') return []
    const { cache, probeEntry, probe = probeProviders } = this.settings
    return probe({ cacheFile: join(cache, 'devices.json'), ...(probeEntry === undefined ? {} : { entry: probeEntry }) })
  }

  private choice(verdicts: readonly ProviderVerdict[]): Choice {
    if (this.wanted === 'auto') return chooseDevice('best', verdicts, this.threads)
    const known = PROVIDERS.find(({ id }) => id === this.wanted)
    if (known !== undefined) return chooseDevice(known.id, verdicts, this.threads)
    const ids = PROVIDERS.map(({ id }) => id).join(', ')
    const reason = `STYLEBRIDGE_PROVIDER is "${this.wanted}", which is none of auto, ${ids}.`
    return { ...chooseDevice('cpu', verdicts, this.threads), fellBackFrom: this.wanted as ProviderId, reason }
  }

  private tell(status: EngineStatus): void {
    this.status = status
    this.listener.status(status)
  }
}
