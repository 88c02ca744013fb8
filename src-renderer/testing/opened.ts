import type { OpenedPhoto, PackSummary } from '../../src-main/contract/calls.ts'
import { createPinia, setActivePinia } from 'pinia'
import { setHost } from '../host/host.ts'
import { useEngine } from '../stores/engine.ts'
import { useOpening } from '../stores/opening.ts'
import { ControlledHost, settled } from './controlled-host.ts'
import { demoPack } from './demo-pack.ts'

export const photo: OpenedPhoto = {
  id: 'a'.repeat(64),
  name: 'holiday.jpg',
  width: 600,
  height: 400,
  format: 'jpeg',
  depth: 8,
  profile: 'sRGB',
  preview: { sha256: 'b'.repeat(64), type: 'image/jpeg', bytes: 9, width: 600, height: 400 },
  faces: [],
  crop: { center: [300, 200], size: 300, angle: 0 },
  warnings: [],
}

/** Fresh stores on a host that is played by hand, with these packs. */
export async function freshStudio(packs: PackSummary[] = [demoPack]): Promise<ControlledHost> {
  setActivePinia(createPinia())
  const host = new ControlledHost()
  setHost(host)
  const started = useEngine().start()
  await host.last('app.info').answer({ version: '0', host: 'browser', samples: [] })
  await host.last('engine.status').answer({ phase: 'ready', devices: [] })
  await host.last('packs.list').answer(packs)
  await started
  return host
}

/** A studio with a photo open. */
export async function openStudio(changes: Partial<OpenedPhoto> = {}): Promise<ControlledHost> {
  const host = await freshStudio()
  const opening = useOpening().openSample('holiday')
  await settled()
  await host.last('photo.open').answer({ ...photo, ...changes })
  await opening
  await settled()
  return host
}
