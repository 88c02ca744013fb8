import { mkdirSync, writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** Leaves the true totals of a Vitest run in test-results/unit.json, where `npm test` adds all runners up. */
export default class Counts implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandled.length, skipped: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      if (!module.ok() && !tests.some((test) => test.result().state === 'failed')) counts.failed++
      for (const test of tests) {
        const { state } = test.result()
        if (state === 'passed' || state === 'failed' || state === 'skipped') counts[state]++
      }
    }
    mkdirSync('test-results', { recursive: true })
    writeFileSync('test-results/unit.json', JSON.stringify(counts))
  }
}
