import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** `npm run bench [-- options of stylebridge bench]`: the engine's figures, then the window's, measured in Chromium where there is one. */
const root = join(import.meta.dirname, '..')

function must(...command: string[]): void {
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

must('src-main/hosts/cli/main.ts', 'bench', ...process.argv.slice(2))
must('node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn')
must('e2e/bench.ts')
