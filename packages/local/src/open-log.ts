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

/** Reads a line of pino's, or a line that is no JSON and looks like the message of an error. */
function toError(line: string): string | undefined {
  if (!line.startsWith('{')) return /^\w*Error\b.*:/.test(line) ? line : undefined;
  const { level = 0, msg = '', err } = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
  return level >= ERROR_LEVEL ? [msg, err?.message].filter((part) => part).join(': ') : undefined;
}
