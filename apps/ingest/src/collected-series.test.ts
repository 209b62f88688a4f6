import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readReadiness } from '@candlecast/telemetry';
import { eventually } from '@candlecast/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { createBodyReader } from './collect/body-reader.ts';
import { parseSources } from './collect/read-sources-file.ts';
import { readSource } from './collect/source-kinds.ts';
import { readConfig } from './config.ts';
import { startWorld } from './testing/world.ts';

vi.setConfig({ testTimeout: 120_000 });

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

it('collects series from a host beside the market, and a host that is away costs the market nothing', async () => {
  const server = createServer((_, response) => response.end('<p>Gold: <b class="price">$2,345.60</b></p>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const common = { about: 'a test', kind: 'page', selector: '.price', min: 1, max: 9_999 };
  const sources = parseSources(
    JSON.stringify({
      sources: [
        { ...common, key: 'gold', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` },
        { ...common, key: 'silver', url: 'http://127.0.0.1:1/' },
      ],
    }),
    'test',
  );
  if (!sources.ok) throw sources.error;
  const bodies = createBodyReader(1);
  closing.push(() => bodies.close());
  const world = await startWorld({ speed: 1 });
  closing.push(() => world.close());
  const ingest = world.start({ collect: { sources: sources.value, read: (source, signal) => readSource(source, { bodies, signal }) } });
  await eventually(
    () =>
      expect(ingest.status().sources).toMatchObject([
        { key: 'gold', kind: 'page', value: '2345.60', failure: null },
        { key: 'silver', value: null, failure: 'source_unreachable' },
      ]),
    { timeoutMs: 60_000 },
  );
  await eventually(() => expect(readReadiness(ingest.checks)).toMatchObject({ ready: true }), { timeoutMs: 60_000 });
  const [point] = await world.database.prisma.externalSeries.findMany({ where: { key: 'gold' } });
  expect(point?.value.toString()).toBe('2345.6');
  expect(await world.database.prisma.job.findMany({ where: { key: 'silver' } })).toMatchObject([{ lastFailure: 'source_unreachable' }]);
});

it('gives back what it reads when it is stopped', async () => {
  const sources = parseSources(
    JSON.stringify({
      sources: [{ key: 'gold', about: 'a test', kind: 'page', url: 'http://127.0.0.1:1/', selector: '.price', min: 1, max: 9_999 }],
    }),
    'test',
  );
  if (!sources.ok) throw sources.error;
  const world = await startWorld({ speed: 1 });
  closing.push(() => world.close());
  const read = (_: unknown, signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const ingest = world.start({ collect: { sources: sources.value, read } });
  const findJob = () => world.database.prisma.job.findFirst({ where: { key: 'gold' }, select: { state: true, attempts: true } });
  await eventually(async () => expect(await findJob()).toEqual({ state: 'RUNNING', attempts: 1 }), { timeoutMs: 60_000 });
  await ingest.close();
  expect(await findJob()).toEqual({ state: 'WAITING', attempts: 0 });
});

it('is off without a file, and refused where the clock is not that of the world', () => {
  const environment = { DATABASE_URL: 'postgresql://localhost/x', CANDLECAST_SERIES_FILE: 'sources.json' };
  expect(readConfig({ ...environment, CANDLECAST_SERIES_FILE: '' })).toMatchObject({ ok: true, value: { seriesFile: undefined } });
  expect(readConfig(environment)).toMatchObject({ ok: true, value: { seriesFile: 'sources.json' } });
  expect(readConfig({ ...environment, CANDLECAST_SOURCE: 'simulated' })).toMatchObject({ ok: true });
  for (const clock of [{ CANDLECAST_SOURCE: 'replay' }, { CANDLECAST_SOURCE: 'simulated', CANDLECAST_CLOCK_SPEED: '60' }])
    expect(readConfig({ ...environment, ...clock })).toMatchObject({
      ok: false,
      error: { code: 'config_invalid', message: expect.stringContaining('CANDLECAST_SERIES_FILE') },
    });
});
