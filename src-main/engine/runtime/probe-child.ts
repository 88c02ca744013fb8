import { listSupportedBackends } from 'onnxruntime-node'
import { StudioError } from '../../contract/errors.ts'
import type { ProviderId } from './devices.ts'
import { runProbe } from './probe-graph.ts'

/** The throw-away process of `probeProviders`: argument, a provider; one message with its verdict. A native fault costs this process only. */
const id = process.argv[2] as ProviderId
const isPresent = listSupportedBackends().some(({ name }) => name === id)
try {
  report({ isPresent, ...(await runProbe(id)) })
} catch (thrown) {
  report({ isPresent, works: false, reason: StudioError.from(thrown, id).what })
}

function report(message: object): void {
  // Leaving at once, since some drivers fault while they are unloaded.
  process.send!(message, () => process.exit(0))
}
