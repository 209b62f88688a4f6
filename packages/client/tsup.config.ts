import { defineConfig } from 'tsup';

/** What partners install: one ES module with its types. */
export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  // A composite project would have to list every file that the bundle reaches.
  dts: { compilerOptions: { composite: false } },
  sourcemap: true,
  clean: true,
});
