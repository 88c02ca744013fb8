import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { z } from 'zod'
import { findBrowser } from '../e2e/browser.ts'

/** `npm test`: types, lint, arrows, unit and integration tests, the built page, then a person's path through it. Ends with the totals. */
interface Counts {
  passed: number
  failed: number
  skipped: number
}

const countsSchema = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() })
const playwrightSchema = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
})
const total: Counts = { passed: 0, failed: 0, skipped: 0 }

rmSync('test-results', { recursive: true, force: true })
mkdirSync('test-results', { recursive: true })

check('types', 'tsc -p tsconfig.json')
check('types of the renderer', 'vue-tsc -p src-renderer/tsconfig.json')
check('lint', 'eslint --max-warnings 0 .')
check('arrows', 'depcruise --config .dependency-cruiser.cjs src-main src-renderer')
check('format', 'prettier --check --log-level warn .')
check('build of the page', 'vite build --logLevel warn')

run('vitest run --reporter=default --reporter=./scripts/vitest-counts.ts')
add('test-results/unit.json', (json) => countsSchema.parse(json))

if (findBrowser()) {
  run('playwright test')
  add('test-results/e2e.json', (json) => {
    const { stats } = playwrightSchema.parse(json)
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
  })
} else {
  console.log('No Chromium or Chrome was found, so the end-to-end tests did not run. Install one, or name it in STYLEBRIDGE_BROWSER.')
}

console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`)
process.exit(total.failed === 0 ? 0 : 1)

function run(command: string): boolean {
  return spawnSync(command, { stdio: 'inherit', shell: true }).status === 0
}

/** A check without tests of its own counts as one. */
function check(name: string, command: string): void {
  console.log(`\n${name}: ${command}`)
  if (run(command)) total.passed++
  else {
    total.failed++
    console.log(`FAILED ${name}`)
  }
}

/** A runner that died before it wrote its totals counts as one failure. */
function add(file: string, read: (json: unknown) => Counts): void {
  const counts = existsSync(file) ? read(JSON.parse(readFileSync(file, 'utf8'))) : { passed: 0, failed: 1, skipped: 0 }
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
}
