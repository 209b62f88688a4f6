import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, ROOT } from '../measure/bundle.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** What the bench runs beside itself, bundled as the apps are. */
export interface Programs {
  readonly gateway: string;
  readonly perSubscriber: string;
  readonly broadcast: string;
  readonly client: string;
}

/** Builds the servers and the client. */
export async function buildPrograms(): Promise<Programs> {
  // Below node_modules, so that what is not bundled is found, and git does not see it.
  const folder = join(ROOT, 'node_modules/.cache/candlecast-fanout');
  const entryPoints = ['servers/gateway', 'servers/per-subscriber', 'servers/broadcast', 'client'].map((name) => join(HERE, `${name}.ts`));
  await bundle({ entryPoints, outdir: folder, outbase: HERE, outExtension: { '.js': '.mjs' } });
  return {
    gateway: join(folder, 'servers/gateway.mjs'),
    perSubscriber: join(folder, 'servers/per-subscriber.mjs'),
    broadcast: join(folder, 'servers/broadcast.mjs'),
    client: join(folder, 'client.mjs'),
  };
}
