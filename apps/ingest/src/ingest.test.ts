import { eventually } from '@candlecast/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type RunningIngest, startWorld, type World, type WorldOptions } from './testing/world.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 240_000 });

let world: World | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function aWorld(options?: WorldOptions): Promise<World> {
  world = await startWorld(options);
  return world;
}

const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };

async function untilLive({ status }: RunningIngest): Promise<void> {
  await eventually(() => expect(status()).toMatchObject({ feed: 'LIVE' }), PATIENCE);
}

/** Waits until the exchange is `minutes` further and the store equals it again. */
async function untilTrue({ sim, expectTruth }: World, minutes = 3): Promise<void> {
  const from = sim.now();
  await eventually(async () => {
    expect(sim.now() - from).toBeGreaterThan((minutes + 2) * 60_000);
    await expectTruth();
  }, PATIENCE);
}

async function countOf(counter: { get(): Promise<{ values: readonly { value: number }[] }> }): Promise<number> {
  return (await counter.get()).values.reduce((sum, { value }) => sum + value, 0);
}

describe('ingest', () => {
  it('from the first start to live equals the exchange, field by field', async () => {
    const world = await aWorld();
    const ingest = world.start();
    await untilLive(ingest);
    expect(ingest.status().instruments.map(({ state }) => state)).toEqual(world.symbols.map(() => 'LIVE'));
    expect(ingest.checks.map(({ check }) => check())).toEqual(ingest.checks.map(() => ({ ready: true, detail: null })));
    await untilTrue(world);
    expect(ingest.feedStates).toEqual(['CONNECTING', 'BACKFILLING', 'LIVE']);
  });

  it('goes on after it was ended while live', async () => {
    const world = await aWorld();
    const first = world.start();
    await untilLive(first);
    await first.close();
    const endedAt = world.sim.now();
    await eventually(() => expect(world.sim.now() - endedAt).toBeGreaterThan(600_000), PATIENCE);
    const second = world.start();
    await untilLive(second);
    await untilTrue(world);
  });

  it('goes on after it was ended in the middle of the history', async () => {
    const world = await aWorld({ historyDays: 6 });
    const first = world.start();
    await eventually(() => expect(first.status().instruments.some(({ rowsDone }) => rowsDone >= 2_000)).toBe(true), PATIENCE);
    await first.close();
    expect(first.status().instruments.some(({ rowsDone, rowsWanted }) => rowsDone < rowsWanted)).toBe(true);
    const second = world.start();
    await untilLive(second);
    await untilTrue(world);
  });

  it.each(['fin', 'rst'] as const)('makes up for what a link lost that was cut by %s', async (how) => {
    const world = await aWorld();
    const ingest = world.start();
    await untilLive(ingest);
    expect(world.sim.inject({ kind: 'dropLinks', how }).hits).toBe(1);
    await eventually(() => expect(ingest.feedStates).toContain('RECONNECTING'), PATIENCE);
    await untilLive(ingest);
    await untilTrue(world);
    expect(await countOf(ingest.metrics.reconnects)).toBe(1);
  });

  it('fetches closes that the stream leaves out or brings late', async () => {
    const world = await aWorld();
    const ingest = world.start();
    await untilLive(ingest);
    world.sim.inject({ kind: 'omitClose', count: 4 });
    world.sim.inject({ kind: 'delayClose', delayMs: 90_000, count: 4 });
    await untilTrue(world, 5);
    expect(await countOf(ingest.metrics.lateCloses)).toBeGreaterThan(0);
    expect(await countOf(ingest.metrics.correctedCandles)).toBe(0);
  });

  it('reads closed candles a second time and finds them as they were', async () => {
    const world = await aWorld();
    const ingest = world.start();
    await untilLive(ingest);
    await eventually(async () => {
      const results = (await ingest.metrics.rereadCandles.get()).values;
      const countOfResult = (result: string) => results.find(({ labels }) => labels.result === result)?.value ?? 0;
      expect(countOfResult('same')).toBeGreaterThan(4);
      expect(countOfResult('changed')).toBe(0);
    }, PATIENCE);
    await untilTrue(world);
    expect(await countOf(ingest.metrics.correctedCandles)).toBe(0);
  });

  it('finds what was lost from the store by itself, and repairs it', async () => {
    const world = await aWorld({ auditIntervalMs: 60_000 });
    const ingest = world.start();
    await untilLive(ingest);
    const { rows } = await world.database.sessions.pool.query(
      `delete from candle_1m c using instrument i where i.id = c.instrument_id and i.symbol = 'BTCUSDT'
       and c.open_time between i.live_since - interval '500 minutes' and i.live_since - interval '480 minutes' returning c.open_time`,
    );
    expect(rows).toHaveLength(21);
    await eventually(async () => expect(await countOf(ingest.metrics.auditMissingMinutes)).toBe(21), PATIENCE);
    await untilTrue(world);
    const { rows: gaps } = await world.database.sessions.pool.query('select reason, resolution, attempts from gap');
    expect(gaps).toEqual([{ reason: 'PENDING', resolution: 'FETCHED', attempts: expect.any(Number) }]);
    const found = (await ingest.metrics.qualityFindings.get()).values.filter(({ value }) => value > 0);
    expect(found.map(({ labels }) => labels.check)).toEqual([]);
    expect((await ingest.metrics.tradeIdBreaks.get()).values).toMatchObject([{ value: 0 }]);
  });

  it('notices a stream that is mute while the others flow', async () => {
    const world = await aWorld();
    const ingest = world.start();
    await untilLive(ingest);
    const { id } = world.sim.inject({ kind: 'muteStream', stream: 'btcusdt@kline_1m' });
    await eventually(() => expect(ingest.feedStates).toContain('STALE'), PATIENCE);
    world.sim.inject({ kind: 'clear', id });
    await untilTrue(world);
    await untilLive(ingest);
  });

  it('notices a link that is open and dead', async () => {
    const world = await aWorld();
    const ingest = world.start();
    await untilLive(ingest);
    expect(world.sim.inject({ kind: 'halfOpen' }).hits).toBe(1);
    await eventually(async () => expect(await countOf(ingest.metrics.reconnects)).toBe(1), PATIENCE);
    await untilTrue(world);
    await untilLive(ingest);
  });

  it('replaces its links before they are closed when the exchange announces a shutdown', async () => {
    const world = await aWorld();
    const ingest = world.start();
    await untilLive(ingest);
    world.sim.inject({ kind: 'serverShutdown', noticeMs: 5_000 });
    await untilTrue(world, 7);
    expect(ingest.feedStates).not.toContain('RECONNECTING');
    expect((await ingest.metrics.reconnects.get()).values).toEqual([expect.objectContaining({ labels: { kind: 'renewal' }, value: 1 })]);
  });

  it('tries on when requests fail, during the start and while live', async () => {
    const world = await aWorld();
    world.sim.inject({ kind: 'rest', answer: 503, calls: 2 });
    const ingest = world.start();
    world.sim.inject({ kind: 'rest', answer: 429, calls: 1, path: 'klines' });
    world.sim.inject({ kind: 'rest', answer: 500, calls: 3, path: 'klines' });
    await untilLive(ingest);
    world.sim.inject({ kind: 'omitClose', count: 3 });
    world.sim.inject({ kind: 'rest', answer: 502, calls: 2, path: 'klines' });
    await untilTrue(world, 4);
    expect(await countOf(ingest.metrics.restFailures)).toBeGreaterThanOrEqual(6);
  });

  it('ends with the reason when the exchange does not serve this place', async () => {
    const world = await aWorld();
    world.sim.inject({ kind: 'rest', answer: 451, calls: 100 });
    await expect(world.start().done).rejects.toMatchObject({ code: 'exchange_forbidden' });
  });
});
