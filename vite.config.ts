import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig, type CSSOptions } from 'vite'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * Lengths of two pixels and more become rem, so that the setting for the interface's size scales every one of them; hairlines stay hairlines.
 * Styles are written in pixels, as designs are drawn.
 */
const lengthsThatScale: Exclude<NonNullable<CSSOptions['postcss']>, string>['plugins'] = [
  {
    postcssPlugin: 'lengths-that-scale',
    Declaration(declaration) {
      declaration.value = declaration.value.replaceAll(/(?<![\w.#-])(-?\d*\.?\d+)px\b/g, (written, pixels: string) =>
        Math.abs(Number(pixels)) < 2 ? written : `${Number(pixels) / 16}rem`,
      )
    },
  },
]

/** The page that both hosts serve. Relative base: it runs under http://127.0.0.1 and under stylebridge://app alike. */
export default defineConfig({
  root: folder('src-renderer'),
  base: './',
  plugins: [vue()],
  css: { postcss: { plugins: lengthsThatScale } },
  define: {
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    // Messages are interpreted, never compiled with `new Function`: the page's content security policy has no unsafe-eval.
    __INTLIFY_JIT_COMPILATION__: true,
  },
  build: {
    outDir: folder('dist/renderer'),
    emptyOutDir: true,
    target: 'chrome130',
    // No data: addresses, which the content security policy would have to allow.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
})
