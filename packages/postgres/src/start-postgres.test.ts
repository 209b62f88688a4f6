import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { copyBinaries, locateBinaries } from './binaries.ts';
import { findProcessStart } from './process-identity.ts';
import { runStatement } from './run-statement.ts';
import { canRun, chooseRunUser } from './run-user.ts';
import type { PostgresServer } from './start-postgres.ts';
import { listenAnywhere, makeFolder, startThrowaway } from './test-server.ts';

const isRoot = process.getuid?.() === 0;
let folder: string;
let server: PostgresServer | undefined;
let lines: string[];

beforeEach(() => {
  folder = makeFolder();
  lines = [];
});
afterEach(async () => {
  await server?.stop();
  if (server) rmSync(server.dataDir, { recursive: true, force: true });
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

describe('startPostgres', () => {
  it('keeps the data from one start to the next, and ends with stop', async () => {
    server = await startThrowaway(folder, lines);
    await runStatement(server.url, 'create table kept as select 42 as answer');
    await server.stop();
    expect(findProcessStart(server.pid)).toBeUndefined();
    expect(await server.exited).toBe(0);
    server = await startThrowaway(folder, lines);
    expect(await runStatement(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(lines).toEqual([]);
  });

  it('speaks UTF-8 and UTC, sorts by code point, and wants a password', async () => {
    server = await startThrowaway(folder);
    const [row] = await runStatement(server.url, "select upper('ä'), 'Z' < 'a' as by_code_point, current_setting('TimeZone') as zone");
    expect(row).toEqual({ upper: 'Ä', by_code_point: true, zone: 'UTC' });
    await expect(runStatement(server.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow('password authentication failed');
    expect(statSync(join(server.dataDir, 'candlecast.password')).mode & 0o077).toBe(0);
  });

  it('names a port that is in use', async () => {
    const { port, server: holder } = await listenAnywhere(true);
    await expect(startThrowaway(folder, lines, { port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining(`${port}`),
    });
    holder.close();
  });

  it('names a folder that holds something else', async () => {
    mkdirSync(join(folder, 'postgres'));
    writeFileSync(join(folder, 'postgres', 'holiday.jpg'), '');
    await expect(startThrowaway(folder)).rejects.toMatchObject({ code: 'data_folder_damaged', message: expect.stringContaining(folder) });
  });

  it('names a folder of another PostgreSQL', async () => {
    mkdirSync(join(folder, 'postgres'));
    writeFileSync(join(folder, 'postgres', 'PG_VERSION'), '16\n');
    await expect(startThrowaway(folder)).rejects.toMatchObject({
      code: 'data_folder_version',
      message: expect.stringContaining('PostgreSQL 16'),
    });
  });

  it('names a folder whose control file is damaged, and leaves no process', async () => {
    server = await startThrowaway(folder);
    await server.stop();
    truncateSync(join(server.dataDir, 'global', 'pg_control'), 100);
    await expect(startThrowaway(folder)).rejects.toMatchObject({ code: 'data_folder_damaged', message: expect.stringContaining(folder) });
    expect(findServer(server.dataDir)).toBeUndefined();
  });

  it('names a folder whose databases are gone, and leaves no process', async () => {
    server = await startThrowaway(folder);
    await server.stop();
    rmSync(join(server.dataDir, 'base'), { recursive: true });
    await expect(startThrowaway(folder)).rejects.toMatchObject({ code: 'data_folder_damaged', message: expect.stringContaining(folder) });
    expect(findServer(server.dataDir)).toBeUndefined();
  });

  it('begins again after a first start that was killed halfway', async () => {
    mkdirSync(join(folder, 'postgres.new', 'cluster'), { recursive: true });
    writeFileSync(join(folder, 'postgres.new', 'cluster', 'PG_VERSION'), '17\n');
    server = await startThrowaway(folder);
    expect(existsSync(join(folder, 'postgres.new'))).toBe(false);
  });

  it('refuses a folder that a running start uses', async () => {
    server = await startThrowaway(folder);
    await expect(startThrowaway(folder)).rejects.toMatchObject({
      code: 'data_folder_in_use',
      message: expect.stringContaining(`${process.pid}`),
    });
  });

  it('ends with its parent even when that is killed with -9', async () => {
    const { pid, kill } = await startInOtherProcess();
    kill();
    await vi.waitFor(() => expect(findProcessStart(pid)).toBeUndefined(), 20_000);
  });

  it('stops a server that an earlier start left behind, keeping its data', async () => {
    server = await startThrowaway(folder);
    await runStatement(server.url, 'create table kept as select 42 as answer');
    writeFileSync(join(server.dataDir, 'candlecast.owner'), JSON.stringify({ pid: process.pid, start: 'another process' }));
    const orphan = server.pid;
    server = await startThrowaway(folder, lines);
    expect(findProcessStart(orphan)).toBeUndefined();
    expect(lines).toEqual([`stopping the database server ${orphan} that an earlier start left behind`]);
    expect(await runStatement(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('takes no other process for its server when the lock file is stale', async () => {
    server = await startThrowaway(folder);
    await server.stop();
    writeFileSync(join(server.dataDir, 'postmaster.pid'), `${process.pid}\n${server.dataDir}\n`);
    server = await startThrowaway(folder, lines);
    expect(lines).toEqual([]);
  });

  it('recovers after the server itself was killed', async () => {
    server = await startThrowaway(folder, lines, { isDurable: true });
    await runStatement(server.url, 'create table kept as select 42 as answer');
    process.kill(server.pid, 'SIGKILL');
    expect(await server.exited).toBeNull();
    server = await vi.waitFor(() => startThrowaway(folder), { timeout: 25_000, interval: 100 });
    expect(await runStatement(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it.runIf(isRoot)('moves the data where its user can reach it, to the same place every time (root only)', async () => {
    chmodSync(folder, 0o700);
    server = await startThrowaway(folder, lines);
    const first = server.dataDir;
    expect(first).not.toContain(folder);
    expect(lines).toEqual([expect.stringContaining(first)]);
    await server.stop();
    server = await startThrowaway(folder, lines);
    expect(server.dataDir).toBe(first);
    await server.stop();
    rmSync(dirname(first), { recursive: true });
  });
});

describe('copyBinaries', () => {
  it('makes a copy that another user can run', () => {
    const copy = copyBinaries(locateBinaries(), join(folder, 'binaries'));
    expect(canRun(join(copy.folder, 'bin', 'postgres'), chooseRunUser(folder))).toBe(true);
    expect(copyBinaries(locateBinaries(), join(folder, 'binaries'))).toEqual(copy);
  });
});

/** Start of the server that the lock file names, when it runs. */
function findServer(dataDir: string): string | undefined {
  const lockFile = join(dataDir, 'postmaster.pid');
  return existsSync(lockFile) ? findProcessStart(Number.parseInt(readFileSync(lockFile, 'utf8'), 10)) : undefined;
}

async function startInOtherProcess(): Promise<{ pid: number; kill(): void }> {
  const code = `import { startThrowaway } from ${JSON.stringify(new URL('./test-server.ts', import.meta.url).href)};
    const server = await startThrowaway(${JSON.stringify(folder)});
    console.log(server.pid);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { pid: Number.parseInt(line, 10), kill: () => void child.kill('SIGKILL') };
  }
  throw new Error('the other process ended');
}
