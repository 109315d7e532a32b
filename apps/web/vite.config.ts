import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['source', ...defaultClientConditions] },
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
  // Nothing is inlined: the page's content security policy allows files of its own only.
  // The chart library is the largest part, and is fetched only by who asks for that chart.
  build: { outDir: '../../dist/apps/web', emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 600, modulePreload: { polyfill: false } },
  cacheDir: '../../node_modules/.cache/vite',
});
