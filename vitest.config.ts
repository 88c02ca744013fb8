import { defineConfig } from 'vitest/config'
import vue from '@vitejs/plugin-vue'

/** Unit and integration tests stand beside what they test. Network tests hold one inference thread each, so two forks fit two cores. */
export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['src-main/**/*.test.ts', 'src-renderer/**/*.test.ts', 'scripts/**/*.test.ts', 'models/recipe/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
