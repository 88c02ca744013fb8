import { serve } from '../../contract/channel.ts'
import { Studio } from '../../studio/studio.ts'
import { findFolders } from '../folders.ts'
import { DeviceKeeper } from './device-keeper.ts'
import { hostWire } from './host-wire.ts'

/** The engine process: all networks and use cases, behind the contract, for whichever host started it. It ends when its host lets go. */
const folders = findFolders()
const wire = hostWire()
const keeper = new DeviceKeeper(folders, {
  status: (status) => server.emit('engine.status', status),
  notice: (notice) => server.emit('notice', notice),
})
const studio = new Studio({
  version: folders.version,
  packs: folders.packs,
  samples: folders.samples,
  cache: folders.cache,
  data: folders.data,
  device: () => keeper.device(),
  status: () => keeper.status,
  notice: (notice) => server.emit('notice', notice),
  threads: keeper.threads,
})
const server = serve(wire, studio.handlers())
wire.onClose(() => process.exit(0))
keeper.start()
