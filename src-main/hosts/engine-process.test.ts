import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeTransport } from '../contract/testing/transport.ts'
import { forkEngine } from './engine-process.ts'

const suiteEngine = join(import.meta.dirname, 'testing/suite-engine.ts')

describeTransport('the pipe to a forked process', () => {
  const engine = forkEngine(suiteEngine)
  return Promise.resolve({ wire: engine.wire, close: engine.kill })
})

it('ends a process that lets go when asked', async () => {
  const engine = forkEngine(suiteEngine)
  let reason = ''
  engine.onExit((because) => (reason = because))
  await engine.stop(60_000)
  expect(reason).toBe('it ended with code 0')
})

it('says the last line of a process that fails', async () => {
  const engine = forkEngine(join(import.meta.dirname, 'testing/no-such-engine.ts'))
  const reason = await new Promise<string>((resolve) => engine.onExit(resolve))
  expect(reason).toMatch(/^it ended with code 1 \(.+\)$/)
})
