import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProcessStart } from '@candlecast/postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimRunDir, releaseRunDir, saveRunFile } from './run-files.ts';

let folder: string;
let runDir: string;
let lines: string[];
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candlecast-run-'));
  runDir = join(folder, 'run');
  lines = [];
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

describe('claimRunDir', () => {
  it('takes an empty folder and gives it back', async () => {
    await claim();
    expect(readdirSync(runDir)).toEqual(['supervisor.json']);
    releaseRunDir(runDir);
    expect(readdirSync(runDir)).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('refuses while the process that took it lives', async () => {
    await claim();
    await expect(claim()).rejects.toMatchObject({ code: 'already_running', message: expect.stringContaining(`${process.pid}`) });
  });

  it('stops apps that a killed start left running', async () => {
    const pid = startChild();
    saveRunFile(runDir, 'ingest', pid);
    await claim();
    expect(findProcessStart(pid)).toBeUndefined();
    expect(lines).toEqual([`stopping what an earlier start left running: ingest (${pid})`]);
  });

  it('leaves a process alone that only has the pid of one of ours', async () => {
    const pid = startChild();
    mkdirSync(runDir);
    writeFileSync(join(runDir, 'ingest.json'), JSON.stringify({ name: 'ingest', pid, start: 'long ago' }));
    await claim();
    expect(findProcessStart(pid)).toBeDefined();
    expect(lines).toEqual([]);
  });

  it('names a folder that cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    const claimed = claimRunDir(join(folder, 'file', 'run'), () => undefined);
    await expect(claimed).rejects.toMatchObject({ code: 'data_folder_unusable', message: expect.stringContaining(folder) });
  });

  it('passes over a file that was being written when its process was killed', async () => {
    mkdirSync(runDir);
    writeFileSync(join(runDir, 'ingest.json'), '{"name":"ing');
    await claim();
    expect(readdirSync(runDir)).toEqual(['supervisor.json']);
  });
});

function claim(): Promise<void> {
  return claimRunDir(runDir, (line) => lines.push(line));
}

function startChild(): number {
  child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
  return child.pid as number;
}
