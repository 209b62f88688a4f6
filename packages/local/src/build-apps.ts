import { spawn } from 'node:child_process';
import { closeSync, fstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@candlecast/domain';
import { openLog } from './open-log.ts';
import { signalGroup } from './run-files.ts';

/**
 * Builds what is not built yet (turbo knows) and returns what there was to do, in a few words. The output goes to `logFile`;
 * throws `build_failed` with the end of it. Ends early, with the same error, when `signal` aborts.
 */
export async function buildApps(options: {
  readonly root: string;
  readonly logFile: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}): Promise<string> {
  const log = openLog(options.logFile);
  const logStart = fstatSync(log).size;
  const child = spawn(process.execPath, [join(options.root, 'node_modules', 'turbo', 'bin', 'turbo'), 'run', 'build'], {
    cwd: options.root,
    env: { ...options.environment, TURBO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1' },
    // A group of its own: the compilers that turbo starts are ended with it.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const stop = () => child.pid !== undefined && signalGroup(child.pid, 'SIGKILL');
  options.signal.addEventListener('abort', stop, { once: true });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
  options.signal.removeEventListener('abort', stop);
  const output = readFileSync(options.logFile).subarray(logStart).toString('utf8');
  if (code !== 0) throw new AppError('build_failed', `the build failed, see ${options.logFile}\n\n${tail(output)}`);
  return summarise(output);
}

/** Reads turbo's last lines. */
export function summarise(output: string): string {
  const [, cached, total] = /Cached:\s+(\d+) cached, (\d+) total/.exec(output) ?? [];
  if (cached === undefined || total === undefined) return 'nothing to build';
  return cached === total ? 'built before' : `${total} ${total === '1' ? 'task' : 'tasks'}, ${cached} of them done before`;
}

function tail(output: string): string {
  return output.trimEnd().split('\n').slice(-30).join('\n');
}
