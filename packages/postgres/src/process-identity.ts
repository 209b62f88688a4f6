import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Returns a text that names the moment at which process `pid` started, or undefined when there is no such process.
 * A pid alone is no identity: the system gives it to another process later.
 */
export function findProcessStart(pid: number): string | undefined {
  if (existsSync('/proc/self/stat')) return findStartInProc(pid);
  const ps = spawnSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8' });
  return ps.status === 0 ? ps.stdout.trim() || undefined : undefined;
}

/** Tells whether the process that had `pid` and `start` still runs. */
export function isProcessAlive(identity: { readonly pid: number; readonly start: string }): boolean {
  return findProcessStart(identity.pid) === identity.start;
}

/** Returns the command line of process `pid`, arguments joined by spaces, or undefined when it cannot be read. */
export function findCommandLine(pid: number): string | undefined {
  const file = `/proc/${pid}/cmdline`;
  if (existsSync(file)) return readIfThere(file)?.replaceAll('\0', ' ').trim();
  const ps = spawnSync('ps', ['-ww', '-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' });
  return ps.status === 0 ? ps.stdout.trim() : undefined;
}

function findStartInProc(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // Fields are counted from the last ")": the second field is the command's name, which may hold spaces and brackets.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields?.[0], fields?.[19]];
  // A zombie has ended; only its parent has not asked for the exit code yet.
  return state === 'Z' || state === 'X' ? undefined : start;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ESRCH'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw cause;
  }
}
