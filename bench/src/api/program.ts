import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname, join } from 'node:path';
import { eventually, findFreePort } from '@candlecast/testkit';
import { bundle, ROOT } from '../measure/bundle.ts';

/** A process that answers on a port. */
export interface Program {
  readonly port: number;
  stop(): Promise<void>;
}

/** A busy machine is slow to start. */
const START_MS = 60_000;

/** Bundles a program as it is shipped, our own sources in one file, and returns its path. */
export async function buildProgram(entry: string): Promise<string> {
  // Below node_modules, so that what is not bundled is found, and git does not see it.
  const program = join(ROOT, 'node_modules/.cache/candlecast-api', `${basename(dirname(entry))}-${basename(entry, '.ts')}.mjs`);
  await bundle({ entryPoints: [join(ROOT, entry)], outfile: program });
  return program;
}

/** Starts a program on a free port, or on the one that its environment names, and waits until `path` answers. With `profileDir` it writes a CPU profile there when it stops. */
export async function startProgram(
  program: string,
  environment: Readonly<Record<string, string>>,
  path: string,
  profileDir: string | undefined,
  wantedPort?: number,
): Promise<Program> {
  const port = wantedPort ?? (await findFreePort());
  const child = spawn(process.execPath, [...(profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : []), program], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', CANDLECAST_GATEWAY_PORT: `${port}`, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(child, 'exit');
  const isUp = async () => {
    if (child.exitCode !== null) throw new Error(`${program} has ended with ${child.exitCode}`);
    const { ok } = await fetch(`http://127.0.0.1:${port}${path}`);
    if (!ok) throw new Error(`${path} does not answer yet`);
  };
  await eventually(isUp, { timeoutMs: START_MS });
  return {
    port,
    async stop() {
      child.kill(profileDir ? 'SIGINT' : 'SIGTERM');
      await exited;
    },
  };
}
