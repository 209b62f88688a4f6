import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  dts: { compilerOptions: { composite: false } },
  clean: true,
  sourcemap: true,
  onSuccess: async () => preparePackage(),
});

/** Makes `dist` a package of its own: `npm publish ./dist`. In the workspace the exports name the sources. */
function preparePackage(): void {
  const { scripts: _, devDependencies: __, private: ___, publishConfig, ...manifest } = JSON.parse(readFileSync('package.json', 'utf8'));
  const { exports, ...publish } = publishConfig;
  writeFileSync('dist/package.json', `${JSON.stringify({ ...manifest, exports, publishConfig: publish }, null, 2)}\n`);
  copyFileSync('README.md', 'dist/README.md');
  copyFileSync('../../LICENSE', 'dist/LICENSE');
}
