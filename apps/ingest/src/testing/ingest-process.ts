import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A real process of ingest. */
export interface IngestProcess {
  readonly pid: number;
  /** What it wrote so far. */
  output(): string;
  /** Sends a signal; with SIGKILL or SIGTERM it is gone when this resolves. */
  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Starts ingest from its sources as a process of its own, with these settings and nothing else. */
export async function startIngestProcess(settings: Readonly<Record<string, string>>): Promise<IngestProcess> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'apps/ingest/src/main.ts'], {
    cwd: ROOT,
    env: { ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = `${output}${chunk.toString()}`.slice(-20_000);
    });
  }
  const gone = once(child, 'exit');
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error('the process has no number');
  return {
    pid,
    output: () => output,
    async signal(name) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      process.kill(pid, name);
      // A stopped process takes nothing but SIGKILL and SIGCONT.
      if (name === 'SIGKILL' || name === 'SIGTERM') await gone;
    },
  };
}
