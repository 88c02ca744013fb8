import { expect, it } from 'vitest'
import { connect } from './channel.ts'
import { serveSuite } from './testing/far-end.ts'
import { describeTransport } from './testing/transport.ts'
import { memoryWires } from './wire.ts'

describeTransport('a queue in memory', () => {
  const { near, far, close } = memoryWires()
  serveSuite(far)
  return Promise.resolve({ wire: near, close })
})

it('ignores messages that are not of the protocol', async () => {
  const { near, far } = memoryWires()
  serveSuite(far)
  const client = connect(near)
  for (const noise of [null, 'call', { kind: 'call' }, { kind: 'cancel', id: -1 }, { kind: 'call', id: 0.5, name: 'x' }]) near.post(noise)
  for (const noise of [7, { kind: 'result', id: 99 }, { kind: 'error', id: 0, error: 'no' }]) far.post(noise)
  expect(await client.call('edit.split', { pack: 'k', text: 'a' })).toMatchObject({ parts: ['a'] })
})
