import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'tsup';

export default defineConfig(({ outDir = 'dist' }) => ({
  entry: ['src/index.ts'],
  outDir,
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  // Its few lines of code go into the package: partners need neither it nor the TypeScript that it asks for.
  noExternal: ['gql.tada', '@0no-co/graphql.web'],
  dts: { compilerOptions: { composite: false } },
  clean: true,
  sourcemap: true,
  onSuccess: async () => preparePackage(outDir),
}));

/** Makes the folder a package of its own: `npm publish ./dist`. In the workspace the exports name the sources. */
function preparePackage(folder: string): void {
  const { scripts: _, devDependencies: __, private: ___, publishConfig, ...manifest } = JSON.parse(readFileSync('package.json', 'utf8'));
  const { access, ...published } = publishConfig;
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, ...published, publishConfig: { access } }, null, 2)}\n`);
  copyFileSync('README.md', join(folder, 'README.md'));
  copyFileSync('../../LICENSE', join(folder, 'LICENSE'));
}
