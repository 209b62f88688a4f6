import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What differs between bundles: where from, where to, and what is done to the sources on the way. */
export type BundleOptions = Pick<BuildOptions, 'entryPoints' | 'outfile' | 'outdir' | 'outbase' | 'outExtension'> & {
  readonly plugins?: readonly Plugin[];
};

/** Bundles programs as they are shipped: our own sources in one file each, packages from the registry loaded when they run. */
export async function bundle({ plugins = [], ...where }: BundleOptions): Promise<void> {
  await build({
    ...where,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [ownSourcesOnly, ...plugins],
  });
}

const ownSourcesOnly: Plugin = {
  name: 'own-sources-only',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@candlecast/') ? undefined : { path, external: true },
    );
  },
};
