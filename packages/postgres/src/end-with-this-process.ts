import { type ChildProcess, spawn } from 'node:child_process';
import type { RunUser } from './run-user.ts';

/**
 * Makes `signal` reach `target` (a pid; negative: a process group) when this process ends, however it ends: a process that is killed
 * with -9 cannot clean up after itself. Returns a function that calls it off, to be used once the target has ended.
 */
export function endWithThisProcess(target: number, signal: 'INT' | 'TERM', user?: RunUser): () => void {
  if (process.platform === 'win32') return () => undefined;
  // The shell waits for the end of its input, which is the end of this process.
  const watcher: ChildProcess = spawn('/bin/sh', ['-c', 'read -r _; kill -s "$1" -- "$2"', 'sh', signal, `${target}`], {
    ...user,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  return () => void watcher.kill('SIGKILL');
}
