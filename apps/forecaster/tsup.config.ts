import { defineConfig } from 'tsup';

export default defineConfig({
  // The training thread is a file of its own: what serves never loads TensorFlow.
  entry: { main: 'src/main.ts', 'train-worker': 'src/learn/train-worker.ts', 'walk-worker': 'src/hindcast/walk-worker.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  noExternal: [/^@candlecast\//],
  external: [/^@tensorflow\//, 'onnxruntime-node', 'pg', 'pg-native', 'pino', 'prom-client', /^@prisma\//],
  // CommonJS packages inside the bundle call require().
  banner: { js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);" },
  sourcemap: true,
  clean: true,
});
