import { defineConfig } from 'vite'

/**
 * Every address in the built files is relative, since the server may mount them under any path: scripts find each other
 * by their own address, and the server puts its base path before the `./` of index.html.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The server forbids inline scripts, styles and images (data: addresses too).
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      onLog(level, log, report) {
        // "use client" means something to servers that draw pages; there is none here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log)
      },
    },
  },
})
