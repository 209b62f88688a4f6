import { defineConfig } from 'tsup';

/** Packages of the workspace become part of the two files; libraries with binaries or many files stay in node_modules. */
export default defineConfig({
  entry: { main: 'src/main.ts', 'train-worker': 'src/learn/train-worker.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  noExternal: [/^@candlecast\//],
  external: [/^@tensorflow\//, 'onnxruntime-node', 'pg', 'pino', 'prom-client'],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  sourcemap: true,
  clean: true,
});
