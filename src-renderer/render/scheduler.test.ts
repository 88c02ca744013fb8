import { describe, expect, it } from 'vitest'
import { LatestWins } from './scheduler.ts'

/** A renderer whose pictures are finished by hand, so that every order of events can be played. */
function setUp() {
  const asked: {
    request: string
    signal: AbortSignal
    finish: (result: string) => Promise<void>
    fail: (error: Error) => Promise<void>
  }[] = []
  const shown: string[] = []
  const failures: unknown[] = []
  const busy: boolean[] = []
  const settled = () => new Promise<void>((resolve) => setTimeout(resolve))
  const queue = new LatestWins<string, string>({
    run: (request, signal) =>
      new Promise((resolve, reject) => {
        asked.push({
          request,
          signal,
          finish: (result) => (resolve(result), settled()),
          fail: (error) => (reject(error), settled()),
        })
        signal.addEventListener('abort', () => reject(new Error('cancelled')))
      }),
    done: (result) => shown.push(result),
    failed: (error) => failures.push(error),
    busy: (isBusy) => busy.push(isBusy),
  })
  return { queue, asked, shown, failures, busy, settled, names: () => asked.map(({ request }) => request) }
}

describe('LatestWins', () => {
  it('skips what a newer request replaced while one was running, and shows the last', async () => {
    const { queue, asked, shown, names, busy } = setUp()
    for (const request of ['1.0', '1.1', '1.2', '1.3']) queue.request(request)
    await asked[0]!.finish('picture 1.0')
    expect(names()).toStrictEqual(['1.0', '1.3'])
    await asked[1]!.finish('picture 1.3')
    expect(shown).toStrictEqual(['picture 1.0', 'picture 1.3'])
    expect(busy).toStrictEqual([true, false])
  })

  it('gives up a draft when the full picture is asked for', async () => {
    const { queue, asked, shown, settled } = setUp()
    queue.request('draft')
    queue.request('full', 'full')
    await settled()
    expect(asked[0]!.signal.aborted).toBe(true)
    await asked[1]!.finish('full picture')
    expect(shown).toStrictEqual(['full picture'])
  })

  it('gives up a full picture when the hand moves on', async () => {
    const { queue, asked, shown, settled } = setUp()
    queue.request('full', 'full')
    queue.request('draft')
    await settled()
    expect(asked[0]!.signal.aborted).toBe(true)
    await asked[1]!.finish('draft picture')
    expect(shown).toStrictEqual(['draft picture'])
  })

  it('lets a full picture finish when another full one is asked for', async () => {
    const { queue, asked, shown } = setUp()
    queue.request('first', 'full')
    queue.request('second', 'full')
    await asked[0]!.finish('first picture')
    await asked[1]!.finish('second picture')
    expect(shown).toStrictEqual(['first picture', 'second picture'])
  })

  it('goes on after a failure', async () => {
    const { queue, asked, shown, failures } = setUp()
    queue.request('bad')
    queue.request('good')
    await asked[0]!.fail(new Error('engine'))
    await asked[1]!.finish('picture')
    expect(failures).toHaveLength(1)
    expect(shown).toStrictEqual(['picture'])
  })

  it('delivers nothing after a cancel', async () => {
    const { queue, asked, shown, failures, settled, busy } = setUp()
    queue.request('one')
    queue.request('two')
    queue.cancel()
    await settled()
    expect(asked).toHaveLength(1)
    expect([shown, failures, busy]).toStrictEqual([[], [], [true, false]])
  })
})
