#!/usr/bin/env node
import { runCli } from './program.ts'

process.exitCode = await runCli(process.argv.slice(2))
// Sessions of the runtime keep threads alive; nothing is left to do for them.
process.exit()
