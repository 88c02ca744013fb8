import { type Device, type ProviderId, cpu, provider } from './devices.ts'
import type { ProviderVerdict } from './probe.ts'

/** A device that takes so much longer than the processor for the probe graph is a software renderer. */
const SOFTWARE = 10

export interface Choice {
  readonly device: Device
  /** The provider that was wanted and did not work; what people must be told about. */
  readonly fellBackFrom?: ProviderId
  /** A sentence for people. */
  readonly reason: string
}

/** The device for a wish, by the verdicts of `probeProviders`: the wanted provider if it works, else the processor, and why. 'best' takes the first GPU that is one. */
export function chooseDevice(wanted: ProviderId | 'best', verdicts: readonly ProviderVerdict[], threads?: number): Choice {
  if (wanted === 'cpu') return { device: cpu(threads), reason: 'The processor was chosen.' }
  if (wanted === 'best') {
    const limit = SOFTWARE * (verdicts.find((v) => v.provider === 'cpu')?.ms ?? Infinity)
    const best = verdicts.find((v) => v.works && v.provider !== 'cpu' && (v.ms ?? Infinity) < limit)
    if (best) return { device: { provider: best.provider, label: best.label, threads }, reason: best.reason }
    return { device: cpu(threads), reason: 'No GPU works here.' }
  }
  const verdict = verdicts.find((v) => v.provider === wanted)
  if (verdict?.works) return { device: { provider: wanted, label: verdict.label, threads }, reason: verdict.reason }
  const { label } = provider(wanted)
  return {
    device: cpu(threads),
    fellBackFrom: wanted,
    reason: `${label} does not work here: ${verdict?.reason ?? 'it does not exist on this system.'}`,
  }
}
