import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it, type TestContext, vi } from 'vitest';
import { applyMigrations } from '../apply-migrations.ts';
import { runStatement } from '../run-statement.ts';
import { makeFolder, startThrowaway } from '../test-server.ts';
import { requireDebian, unpackDebianPackages } from './debian-packages.ts';
import { prepareTimescale } from './prepare-timescale.ts';

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\n';
const UBUNTU = 'PRETTY_NAME="Ubuntu 24.04"\nID=ubuntu\nID_LIKE=debian\n';
const folder = makeFolder();
let obstacle: string | undefined;

beforeAll(async () => {
  obstacle = await prepareTimescale(() => undefined).then(
    () => undefined,
    (cause: unknown) => {
      if (cause instanceof AppError && cause.code === 'timescale_unavailable') return cause.message;
      throw cause;
    },
  );
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function needsTimescale(context: TestContext): void {
  if (obstacle !== undefined) context.skip(obstacle);
}

describe('requireDebian', () => {
  it('takes Debian on amd64', () => {
    expect(() => requireDebian({ platform: 'linux', arch: 'x64', osRelease: DEBIAN })).not.toThrow();
  });

  it.each([
    [{ platform: 'linux', arch: 'arm64', osRelease: DEBIAN }, 'this is Debian GNU/Linux 13 (trixie) on arm64'],
    [{ platform: 'linux', arch: 'x64', osRelease: UBUNTU }, 'this is Ubuntu 24.04 on x64'],
    [{ platform: 'darwin', arch: 'x64', osRelease: '' }, 'this is darwin on x64'],
  ])('says why another machine cannot have it', (machine, part) => {
    expect(() => requireDebian(machine)).toThrow(
      expect.objectContaining({ code: 'timescale_unavailable', message: expect.stringContaining(part) }),
    );
  });
});

describe('unpackDebianPackages', () => {
  it('says in one sentence that the mirror cannot be reached, and leaves nothing', async (context) => {
    needsTimescale(context);
    const target = join(folder, 'unreachable');
    vi.stubEnv('http_proxy', 'http://127.0.0.1:1');
    vi.stubEnv('https_proxy', 'http://127.0.0.1:1');
    const failure = await unpackDebianPackages(['libc6'], 'trixie', target).catch((cause: unknown) => cause);
    vi.unstubAllEnvs();
    expect(failure).toMatchObject({
      code: 'timescale_unavailable',
      message: expect.stringMatching(/^libc6 of Debian trixie could not be fetched \(.*--timescale.*$/),
    });
    expect(existsSync(`${target}.apt`)).toBe(false);
  });

  it('says that apt is not there', async (context) => {
    needsTimescale(context);
    mkdirSync(join(folder, 'empty'));
    vi.stubEnv('PATH', join(folder, 'empty'));
    const failure = await unpackDebianPackages(['libc6'], 'trixie', join(folder, 'without-apt')).catch((cause: unknown) => cause);
    vi.unstubAllEnvs();
    expect(failure).toMatchObject({ code: 'timescale_unavailable', message: expect.stringContaining('apt-get') });
  });
});

describe('an embedded server with TimescaleDB', () => {
  it('makes the apache tier, and its data folder is opened with TimescaleDB from then on', async (context) => {
    needsTimescale(context);
    const home = makeFolder();
    let server = await startThrowaway(home, [], { hasTimescale: true });
    await applyMigrations(server.url, () => undefined);
    await server.stop();
    server = await startThrowaway(home);
    expect(server.hasTimescale).toBe(true);
    expect(await runStatement(server.url, 'select storage_tier() as tier')).toEqual([{ tier: 'apache' }]);
    await server.stop();
    rmSync(home, { recursive: true });
  });

  it('opens a data folder that was made without it', async (context) => {
    needsTimescale(context);
    const home = makeFolder();
    let server = await startThrowaway(home);
    await runStatement(server.url, 'create table kept as select 42 as answer');
    await server.stop();
    server = await startThrowaway(home, [], { hasTimescale: true });
    expect(await runStatement(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await server.stop();
    rmSync(home, { recursive: true });
  });
});
