import '../../src-main/contract/no-eval.ts'
import { start } from '../start.ts'
import { demoHost } from './demo-host.ts'

start(demoHost)
