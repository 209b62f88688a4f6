import { mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log that has grown beyond this is put aside at the next start of its app. */
const LARGE_BYTES = 20 * 1024 * 1024;
/** The level from which pino's lines tell of an error. */
const ERROR_LEVEL = 50;

/** Opens a log to append to, and returns its file descriptor. One that is large becomes `<file>.1` first. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGE_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

/** Returns what the newest error in a log says, in one line; undefined when there is none. */
export function findLastError(file: string): string | undefined {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-200);
  return lines.map(toError).findLast((text) => text !== undefined);
}

/** Reads a line of a log, or of what Node prints when a process breaks. */
function toError(line: string): string | undefined {
  if (!line.startsWith('{')) return /^\w*Error\b.*:/.test(line) ? line : undefined;
  const {
    level = 0,
    msg = '',
    err,
    error,
  } = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string }; error?: string };
  if (level < ERROR_LEVEL && error === undefined) return undefined;
  return [msg, err?.message ?? error].filter((part) => part).join(': ');
}
