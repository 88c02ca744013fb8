import '../src-main/contract/no-eval.ts'
import { findHost } from './host/wires.ts'
import { start } from './start.ts'

start(findHost)
