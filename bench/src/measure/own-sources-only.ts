import type { Plugin } from 'esbuild';

/** Bundles our own packages; those from the registry are loaded when the program runs. */
export const ownSourcesOnly: Plugin = {
  name: 'own-sources-only',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@candlecast/') ? undefined : { path, external: true },
    );
  },
};
