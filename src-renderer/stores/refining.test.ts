// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { setCrop } from '../document/edits.ts'
import { settled, type ControlledHost } from '../testing/controlled-host.ts'
import { openStudio } from '../testing/opened.ts'
import { useDocument } from './document.ts'
import { useOpening } from './opening.ts'
import { useRefining } from './refining.ts'
import { useView } from './view.ts'

const blob = (letter: string) => ({ sha256: letter.repeat(64), type: 'image/webp', bytes: 1 })
const closeness = (percent: number) => ({ psnr: percent / 3, semantic: 0.8, percent })
const inversion = (letter: string, percent: number) => ({ closeness: closeness(percent), aligned: blob('a'), inverted: blob(letter) })

async function inverted(): Promise<ControlledHost> {
  const host = await openStudio()
  await host.last('photo.invert').answer({ ...inversion('1', 50), method: 'encoder' })
  return host
}

describe('refining', () => {
  it('shows every step, keeps what was reached as one step of the document, and is undone', async () => {
    const host = await inverted()
    const refining = useRefining()
    const running = refining.start()
    await settled()
    const call = host.last('photo.invert')
    expect(call.input).toMatchObject({ quality: 'refined' })
    expect(call.input).not.toHaveProperty('steps')
    call.progress({ stage: 'refine', step: 12, of: 300, closeness: closeness(58), inverted: blob('2') })
    expect(useOpening().inversion).toMatchObject({ inverted: blob('2'), closeness: { percent: 58 } })
    expect(useView()).toMatchObject({ shown: { kind: 'inversion' }, compare: 'vertical' })
    refining.stop()
    expect(host.last('photo.invert.stop').input.photo).toBe(useDocument().photo!.id)
    await call.answer({ ...inversion('3', 60), method: 'refined', steps: 14 })
    await running
    expect(useDocument().recipe).toMatchObject({ quality: 'refined', inversion: { steps: 14 } })
    expect(useView()).toMatchObject({ shown: { kind: 'result' }, compare: 'off' })
    expect([refining.isRefined, refining.isUnfinished]).toStrictEqual([true, true])
    await settled()
    expect(host.last('photo.invert').input).toMatchObject({ quality: 'refined', steps: 14 })
    useDocument().undo()
    await settled()
    expect(host.last('photo.invert').input).toMatchObject({ quality: 'instant' })
  })

  it('leaves everything as it was when it is given up', async () => {
    const host = await inverted()
    const running = useRefining().start()
    await settled()
    host.last('photo.invert').progress({ stage: 'refine', step: 3, of: 300, closeness: closeness(52), inverted: blob('2') })
    useRefining().giveUp()
    await running
    expect(useOpening().inversion).toMatchObject({ inverted: blob('1'), method: 'encoder' })
    expect(useDocument().steps).toHaveLength(0)
    expect(useRefining().isRunning).toBe(false)
  })

  it('ends with the square that it was for; another square starts from an instant inversion', async () => {
    const host = await inverted()
    const running = useRefining().start()
    await settled()
    const call = host.last('photo.invert')
    useDocument().run({ key: 'step.crop' }, setCrop({ center: [200, 200], size: 150, angle: 0 }))
    await running
    expect(call.signal?.aborted).toBe(true)
    await settled()
    expect(host.last('photo.invert').input).toMatchObject({ quality: 'instant', crop: { size: 150 } })
  })
})
