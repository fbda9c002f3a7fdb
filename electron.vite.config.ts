import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { UserConfig } from 'vite'

const at = (path: string): string => resolve(import.meta.dirname, path)

/** Programs of the main side; each becomes out/main/NAME.cjs. All but `electron` run on the carried Node. */
const programs = {
  electron: at('src-main/electron.ts'),
  host: at('src-main/host.ts'),
  serve: at('src-main/serve.ts'),
  cli: at('src-main/cli.ts'),
}

const present = (entries: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path)))

/** The page. scripts/dev.ts serves the same configuration. */
export const page: UserConfig = {
  root: at('src-renderer'),
  plugins: [react()],
  resolve: { dedupe: ['vscode'] },
  worker: { format: 'es' },
  build: {
    outDir: at('out/renderer'),
    emptyOutDir: true,
    // Chromium 108 has all that the editor's packages use; what it lacks (CSS nesting) is compiled away.
    target: 'chrome108',
    cssTarget: 'chrome108',
    minify: true,
    cssMinify: 'lightningcss',
    chunkSizeWarningLimit: 20_000,
    rollupOptions: { input: at('src-renderer/index.html') },
  },
}

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // The oldest shell that has to start this bundle has Node 16 and cannot load an ES module as its entry.
      target: 'node16',
      sourcemap: true,
      minify: false,
      // Everything is bundled, so that the shell needs no node_modules; node-pty is native code and stays outside.
      externalizeDeps: false,
      rollupOptions: {
        input: present(programs),
        external: ['electron', 'node-pty', 'bufferutil', 'utf-8-validate', 'fsevents'],
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'node16',
      sourcemap: true,
      minify: false,
      // A sandboxed preload can require nothing but electron.
      externalizeDeps: false,
      rollupOptions: {
        input: present({ index: at('src-preload/index.ts') }),
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: page,
})
