import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BTC, ETH, startTestMarket, type TestMarket } from './testing/test-market.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const CLIENT = join(import.meta.dirname, '../../../packages/client');
const CONSUMER = join(import.meta.dirname, 'testing/consumer/consumer.mts');
/** What npm would fetch for a partner, taken from this workspace so that no registry is asked: the client's own dependencies, and tools. */
const FROM_HERE = ['graphql', 'graphql-ws', 'ws', '@types/ws', '@types/node', 'undici-types', 'typescript'];

let folder: string;
let market: TestMarket;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'candlecast-client-'));
  const built = join(folder, 'built');
  await run(process.execPath, [join(folderOf('tsup'), 'dist/cli-default.js'), '--out-dir', built], { cwd: CLIENT });
  const tarballs = [await pack(built), ...(await Promise.all(FROM_HERE.map((name) => pack(folderOf(name)))))];
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'partner', private: true, type: 'module' }));
  await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', join(folder, 'cache'), ...tarballs], {
    cwd: folder,
    shell: process.platform === 'win32',
  });
  await copyFile(CONSUMER, join(folder, 'consumer.mts'));

  market = await startTestMarket();
  await market.list(BTC, ETH);
  await market.close(BTC, 0, 10);
}, 180_000);
afterAll(async () => {
  await market?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Returns the folder of an installed package. */
function folderOf(name: string): string {
  return dirname(require.resolve(`${name}/package.json`, { paths: [CLIENT, import.meta.dirname] }));
}

async function pack(source: string): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder, source], {
    cwd: folder,
    shell: process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024,
  });
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  return join(folder, packed.filename.replace('@', '').replace('/', '-'));
}

async function compile(module: string, moduleResolution: string, ...more: string[]): Promise<string> {
  const compiler = join(folder, 'node_modules/typescript/bin/tsc');
  const options = [
    '--strict',
    '--target',
    'es2022',
    '--module',
    module,
    '--moduleResolution',
    moduleResolution,
    '--types',
    'node',
    ...more,
  ];
  return run(process.execPath, [compiler, ...options, 'consumer.mts'], { cwd: folder }).then(
    ({ stdout }) => stdout,
    (cause: { stdout: string }) => cause.stdout,
  );
}

describe('the packed client', () => {
  it('brings code, types, readme and licence, and nothing of the workspace', async () => {
    const installed = join(folder, 'node_modules/@candlecast');
    expect(await readdir(installed)).toEqual(['client']);
    expect((await readdir(join(installed, 'client'))).sort()).toEqual(
      ['LICENSE', 'README.md', 'index.d.ts', 'index.js', 'index.js.map', 'package.json'].sort(),
    );
    const manifest = JSON.parse(await readFile(join(installed, 'client/package.json'), 'utf8')) as Record<string, object>;
    expect(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).sort()).toEqual(['graphql', 'graphql-ws']);
    const code = await Promise.all(['index.js', 'index.d.ts'].map((name) => readFile(join(installed, 'client', name), 'utf8')));
    const imported = code.flatMap((text) => [...text.matchAll(/^import .* from ['"](.+)['"];$/gm)].map(([, name]) => name));
    expect([...new Set(imported)].sort()).toEqual(['graphql', 'graphql-ws']);
  });

  it.each([
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ])(
    'is typed for a strict program with module %s and resolution %s',
    async (module, resolution) => {
      expect(await compile(module, resolution, '--noEmit')).toBe('');
    },
    60_000,
  );

  it('is not typed for whatever comes', async () => {
    const wrong = (await readFile(CONSUMER, 'utf8'))
      .replace('countback: 3', 'countBack: 3')
      .replace('({ close }) => close', '({ shut }) => shut');
    await writeFile(join(folder, 'consumer.mts'), wrong);
    const complaints = await compile('node16', 'node16', '--noEmit');
    await copyFile(CONSUMER, join(folder, 'consumer.mts'));
    expect(complaints).toContain("'countBack' does not exist in type 'BarsOptions'");
    expect(complaints).toContain("Property 'shut' does not exist on type 'Candle'");
  }, 60_000);

  it('runs against a gateway: queries, pages, files, errors by code, and a stream into live', async () => {
    expect(await compile('node16', 'node16')).toBe('');
    const { httpUrl } = await market.startGateway();
    const program = spawn(process.execPath, ['consumer.mjs', httpUrl], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    const said: { kind: string; value: unknown }[] = [];
    for await (const line of createInterface({ input: program.stdout })) {
      const news = JSON.parse(line) as { kind: string; value: unknown };
      said.push(news);
      if (news.kind === 'event' && JSON.stringify(news.value) === '["heartbeat"]') await market.close(BTC, 10, 11);
    }
    const valuesOf = (kind: string) => said.filter((news) => news.kind === kind).map(({ value }) => value);
    expect(valuesOf('bars')).toEqual([[1007.5, 1008.5, 1009.5]]);
    expect(valuesOf('page')).toEqual([0, 0, 0]);
    expect(valuesOf('closes')).toEqual([Array.from({ length: 10 }, (_, minute) => `${1_000 + minute}.50`)]);
    expect(valuesOf('instruments')).toEqual([['BTCUSDT', 'ETHUSDT']]);
    expect([...valuesOf('instrument'), ...valuesOf('unknown')]).toEqual([ETH, null]);
    expect(valuesOf('export')).toEqual([[10, 12]]);
    expect(valuesOf('error')).toEqual([['SYMBOL_NOT_FOUND', false]]);
    expect(valuesOf('event')).toEqual([['snapshot', ['1008.50', '1009.50']], ['heartbeat'], ['closed', '1010.50']]);
  }, 60_000);
});
