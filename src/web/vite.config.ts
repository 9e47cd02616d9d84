import { join } from 'node:path';
import { defineConfig } from 'vite';

const here = import.meta.dirname;

/** Builds what staff see into dist/web, which the server gives out below /app. */
export default defineConfig({
  root: here,
  base: '/app/',
  cacheDir: join(here, '../../node_modules/.cache/vite'),
  build: {
    outDir: join(here, '../../dist/web'),
    emptyOutDir: true,
    // Browsers of the last two years: they know light-dark() and nesting, so nothing is rewritten.
    target: ['chrome123', 'edge123', 'firefox128', 'safari18'],
    // The policy of the page lets no data: scripts in.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
});
