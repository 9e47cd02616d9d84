import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const here = import.meta.dirname;
const ROUTER = join(here, '../../node_modules/react-router/dist/production');

/** Builds what staff see into dist/web, which the server gives out below /app. */
export default defineConfig({
  root: here,
  base: '/app/',
  cacheDir: join(here, '../../node_modules/.cache/vite'),
  plugins: [mantineByPiece()],
  // The package gives out its build for development to whoever does not ask for another.
  resolve: {
    alias: [
      { find: /^react-router$/, replacement: join(ROUTER, 'index.mjs') },
      { find: /^react-router\/dom$/, replacement: join(ROUTER, 'dom-export.mjs') },
    ],
  },
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

/**
 * Imports from the files of @mantine/core instead of from its index. Through the index, every component that any
 * screen uses would belong to the first load, which also imports the index.
 */
function mantineByPiece(): Plugin {
  const index = createRequire(import.meta.url)
    .resolve('@mantine/core')
    .replace(/cjs.index\.cjs$/, 'esm/index.mjs');
  const files = new Map<string, string>();
  for (const [, names, file] of readFileSync(index, 'utf8').matchAll(
    /import \{([^}]+)\} from "([^"]+)"/g,
  )) {
    for (const name of names!.split(','))
      files.set(name.trim(), file!.startsWith('.') ? join(dirname(index), file!) : file!);
  }
  return {
    name: 'mantine-by-piece',
    enforce: 'pre',
    transform(code, id) {
      if (!id.startsWith(here) && !/node_modules\/@mantine\/(?!core)/.test(id)) return null;
      return code.replace(/import \{([^}]+)\} from ['"]@mantine\/core['"];/g, (_, names: string) =>
        names
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '' && !name.startsWith('type '))
          .map((name) => {
            const file = files.get(name.split(' as ')[0]!);
            return `import { ${name} } from '${file ?? index}';`;
          })
          .join(''),
      );
    },
  };
}
