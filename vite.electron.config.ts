import { build, defineConfig, type Plugin } from 'vite'
import { join } from 'node:path'

/**
 * Bundles what is not the page into dist/main: the Electron main process, the engine process, the command line and the browser host as modules; then
 * the preload as CommonJS, which is all that a sandboxed page can load. What package.json lists under dependencies stays outside the bundles.
 */
const main = (path: string) => join(import.meta.dirname, 'src-main/hosts', path)

const thenPreload: Plugin = {
  name: 'then-preload',
  closeBundle: async () => {
    await build({
      configFile: false,
      logLevel: 'warn',
      build: {
        ssr: true,
        target: 'node24',
        outDir: 'dist/main',
        emptyOutDir: false,
        rolldownOptions: {
          input: { preload: main('electron/preload.ts') },
          external: ['electron'],
          output: { format: 'cjs', entryFileNames: '[name].cjs' },
        },
      },
    })
  },
}

export default defineConfig({
  plugins: [thenPreload],
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist/main',
    minify: false,
    rolldownOptions: {
      input: {
        electron: main('electron/main.ts'),
        engine: main('engine/main.ts'),
        cli: main('cli/main.ts'),
        browser: main('browser/main.ts'),
        'probe-child': main('../engine/runtime/probe-child.ts'),
      },
      external: ['electron'],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})
