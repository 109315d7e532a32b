import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/**
 * What runs before the page is drawn, and what the first page is made of, in one file each: they would otherwise be fetched in as many pieces as
 * other pages share with them, some forty.
 */
function pieces() {
  let start: ReadonlySet<string> | undefined;
  let opening: ReadonlySet<string>;
  let first: ReadonlySet<string>;
  return (id: string, bundle: Bundle): string | null => {
    if (!start) {
      start = reached(source('main.tsx'), bundle);
      opening = reached(source('opening.ts'), bundle);
      first = reached(source('app.tsx'), bundle);
    }
    // The entry itself waits for the page to be drawn: nothing that the page imports may stand in its file.
    return id === source('main.tsx') ? null : start.has(id) ? 'start' : opening.has(id) ? 'opening' : first.has(id) ? 'first' : null;
  };
}
interface Bundle {
  getModuleInfo: (id: string) => { readonly importedIds: readonly string[] } | null;
}
const source = (file: string): string => fileURLToPath(new URL(`./src/${file}`, import.meta.url));

function reached(from: string, bundle: Bundle): ReadonlySet<string> {
  const modules = new Set<string>();
  for (const waiting = [from]; waiting.length > 0; ) {
    const one = waiting.pop()!;
    if (modules.has(one)) continue;
    modules.add(one);
    waiting.push(...(bundle.getModuleInfo(one)?.importedIds ?? []));
  }
  return modules;
}

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['source', ...defaultClientConditions] },
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
  // Nothing is inlined: the page's content security policy allows files of its own only.
  // The chart library is the largest part, and is fetched only by who asks for that chart.
  build: {
    outDir: '../../dist/apps/web', emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 600, modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ debugName: 'start and first', name: pieces() }] } } },
  },
  cacheDir: '../../node_modules/.cache/vite',
});
