import { closeSync, existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summarise } from './build-apps.ts';
import { findLastError, openLog } from './open-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candlecast-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('openLog', () => {
  it('puts a large log aside', () => {
    const file = join(folder, 'app.log');
    writeFileSync(file, '');
    closeSync(openLog(file));
    expect(existsSync(`${file}.1`)).toBe(false);
    truncateSync(file, 30 * 1024 * 1024);
    closeSync(openLog(file));
    expect(existsSync(`${file}.1`)).toBe(true);
  });
});

describe('findLastError', () => {
  it('finds the message of the newest error', () => {
    const file = join(folder, 'app.log');
    writeFileSync(
      file,
      [
        '{"level":50,"msg":"old"}',
        '{"level":60,"err":{"message":"DATABASE_URL: ingest needs a database"},"msg":"start failed"}',
        '{"level":30,"msg":"stopped"}',
        '',
      ].join('\n'),
    );
    expect(findLastError(file)).toBe('start failed: DATABASE_URL: ingest needs a database');
    writeFileSync(file, '{"service":"exchange-sim","msg":"cannot start","error":"no such folder"}\n');
    expect(findLastError(file)).toBe('cannot start: no such folder');
  });

  it('finds the error of a process that never got as far as logging', () => {
    const file = join(folder, 'app.log');
    writeFileSync(file, "node:internal/modules:1\n  throw err;\nError: Cannot find module '/x/dist/main.js'\n    at here\n");
    expect(findLastError(file)).toContain('Cannot find module');
  });
});

describe('summarise', () => {
  it('reads what turbo did', () => {
    expect(summarise(' Tasks:    5 successful, 5 total\nCached:    5 cached, 5 total\n  Time:    65ms >>> FULL TURBO')).toBe(
      'built before',
    );
    expect(summarise('Cached:    1 cached, 5 total')).toBe('5 tasks, 1 of them done before');
    expect(summarise('')).toBe('nothing to build');
  });
});
