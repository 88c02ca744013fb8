// A long run of changed files over all readers: npx node src-main/engine/checkpoints/fuzz-run.ts [COUNT] [SEED]
// Prints how often each outcome came up, the slowest input, the largest tensor beside its file, and the process's memory.
import { fuzz } from './fuzz.ts'

const [count = 1_000_000, seed = 2026] = process.argv.slice(2).map(Number)
const codes = new Map<string, number>()
const started = performance.now()
let [slowest, worst, done] = [0, 0, 0]
fuzz(seed, count, ({ code, ms, bytes, largest }) => {
  codes.set(code, (codes.get(code) ?? 0) + 1)
  slowest = Math.max(slowest, ms)
  worst = Math.max(worst, largest / Math.max(1, bytes))
  if (++done % 100_000 === 0)
    console.log(`${done} inputs, ${Math.round((performance.now() - started) / 1000)} s, slowest ${slowest.toFixed(0)} ms`)
})
for (const [code, times] of [...codes].sort(([, a], [, b]) => b - a)) console.log(`${String(times).padStart(9)}  ${code}`)
const memory = process.resourceUsage().maxRSS / 1024
console.log(
  `${count} inputs of seed ${seed}: slowest ${slowest.toFixed(0)} ms, largest tensor ${worst.toFixed(1)} times its file, at most ${memory.toFixed(0)} MB`,
)
