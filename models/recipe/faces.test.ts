import { expect, test } from 'vitest'
import { difference, golden, NETS, runNet } from '../../src-main/engine/nets/faces/testing.ts'
import { parametersFrom } from '../../src-main/engine/nets/parameters.ts'
import { readNet } from './faces.ts'

test.each(Object.keys(NETS))('%s, dequantised, gives face-api’s own results in float32', async (net) => {
  const p = parametersFrom(await readNet(net))
  for (const [name, found] of Object.entries(await runNet(net, p))) expect(difference(found, golden(name)), name).toBeLessThan(2e-5)
})
