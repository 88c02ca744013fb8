import { serveSuite } from '../../contract/testing/far-end.ts'
import { parentWire } from '../engine-process.ts'

/** The far end of the transport suite as a process of its own. */
const wire = parentWire()
serveSuite(wire)
wire.onClose(() => process.exit(0))
