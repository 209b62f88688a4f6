import { describe, expect, it, vi } from 'vitest';
import type { ChartCandle } from '../market/chart-candle.ts';
import { createScriptedGateway } from '../testing/scripted-gateway.ts';
import { createFrameBatch } from './frame-batch.ts';
import { openPaneFeed } from './pane-feed.ts';

const START_S = 1_643_630_400; // 2022-01-31T12:00:00Z
const minutes = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** Where the chunk begins that holds minute 0. */
const CHUNK_S = 480 * 60;
const TAIL_S = Math.floor((START_S - 946_857_600) / CHUNK_S) * CHUNK_S + 946_857_600;
const chunk = (back: number, revision: string | null) => ({
  __typename: 'BarChunk',
  from: TAIL_S - back * CHUNK_S,
  to: TAIL_S - (back - 1) * CHUNK_S,
  revision,
});

function columnsOf(range: number[], offset = 100) {
  const column = range.map((minute) => offset + minute);
  return { __typename: 'Bars', t: range.map((minute) => START_S + minute * 60), o: column, h: column, l: column, c: column, v: column };
}

function listOf(range: number[], cursor: string, chunks: object[] = []) {
  const tail = range.length > 0 ? columnsOf(range) : null;
  return { data: { barChunks: { __typename: 'BarChunks', chunks, tailFrom: tail && TAIL_S, tail, cursor } } };
}
const namesOf = (...chunks: object[]) => ({ data: { barChunks: { __typename: 'BarChunks', chunks } } });
const chunkOf = (range: number[], revision: string | null, offset?: number) => ({
  data: { bars: { ...columnsOf(range, offset), revision } },
});

function event(__typename: string, minute: number, close: string) {
  const openTime = new Date((START_S + minute * 60) * 1000).toISOString();
  const isClosed = __typename !== 'CandleUpdate';
  const candle = {
    __typename: 'Candle',
    openTime,
    open: '100.00',
    high: '200.00',
    low: '90.00',
    close,
    baseVolume: '1.5',
    isClosed,
    knownAt: openTime,
  };
  return { candles: { __typename, symbol: 'SIM:BTCUSDT', candle, cursor: `after-${minute}` } };
}

function forecast(horizon: string, asOfMinute: number, minutesAhead: number) {
  const at = (minute: number) => new Date((START_S + minute * 60) * 1000).toISOString();
  const model = { __typename: 'Model', id: '1', name: 'lstm', version: '1' };
  const quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map((level) => ({ __typename: 'Quantile', level, value: `${100 + level}` }));
  const times = { asOf: at(asOfMinute), targetTime: at(asOfMinute + minutesAhead) };
  return {
    __typename: 'Forecast',
    id: `${horizon}-${asOfMinute}`,
    symbol: 'SIM:BTCUSDT',
    horizon,
    ...times,
    refPrice: '100',
    quantiles,
    model,
  };
}

/** A feed of minutes 0 to 3, of which 2 is the newest, and what its listener has seen. */
function setUp() {
  const gateway = createScriptedGateway();
  gateway.answer('BarChunks', () => listOf([0, 1, 2], 'c0'));
  gateway.answer('ChunkNames', () => namesOf());
  gateway.answer('LatestForecasts', () => ({ data: { latestForecasts: [] } }));
  const frames: (() => void)[] = [];
  const batch = createFrameBatch((callback) => frames.push(callback));
  const feed = openPaneFeed({ client: gateway.client, frames: batch, instrumentId: 'SIM:BTCUSDT', interval: '1m' });
  const seen: { kind: 'reset' | 'merge'; closes: number[] }[] = [];
  const closes = (candles: readonly ChartCandle[]) => candles.map(({ close }) => close);
  const stop = feed.listen({
    onReset: (candles) => seen.push({ kind: 'reset', closes: closes(candles) }),
    onMerge: ({ changed }) => seen.push({ kind: 'merge', closes: closes(changed) }),
  });
  const paint = () => frames.shift()?.();
  const ready = () => vi.waitFor(() => expect(gateway.running()).toEqual(['Candles', 'Forecasts']));
  return { gateway, feed, seen, stop, paint, ready, closes: () => closes(feed.candles()) };
}

describe('a pane feed', () => {
  it('shows the newest candles, then follows from their cursor', async () => {
    const { gateway, feed, seen, paint, ready, closes } = setUp();
    expect(feed.state.getState().phase).toBe('loading');
    await ready();
    expect(feed.state.getState().phase).toBe('ready');
    expect(seen).toEqual([{ kind: 'reset', closes: [100, 101, 102] }]);
    expect(gateway.asked.find(({ name }) => name === 'Candles')?.variables).toMatchObject({ after: 'c0', interval: '1m' });

    gateway.send('Candles', event('CandleUpdate', 2, '110.50'));
    gateway.send('Candles', event('CandleClosed', 2, '111.00'));
    gateway.send('Candles', event('CandleUpdate', 3, '112.00'));
    expect(closes()).toEqual([100, 101, 102]);
    paint();
    expect(closes()).toEqual([100, 101, 111, 112]);
    expect(seen.at(-1)).toEqual({ kind: 'merge', closes: [111, 112] });
    expect(feed.state.getState().newest?.close).toBe('112.00');
  });

  it('keeps the exact decimals of the newest candle when an older one is corrected', async () => {
    const { gateway, feed, paint, ready, closes } = setUp();
    await ready();
    gateway.send('Candles', event('CandleUpdate', 3, '112.00'));
    gateway.send('Candles', event('CandleCorrection', 1, '101.50'));
    paint();
    expect(closes()).toEqual([100, 101.5, 102, 112]);
    expect(feed.state.getState().newest?.close).toBe('112.00');
  });

  it('takes a new snapshot when the stream cannot go on', async () => {
    const { gateway, seen, ready } = setUp();
    await ready();
    gateway.answer('BarChunks', () => listOf([7, 8], 'c9'));
    gateway.send('Candles', { candles: { __typename: 'StreamReset', code: 'CURSOR_EPOCH_MISMATCH' } });
    await vi.waitFor(() => expect(seen.at(-1)).toEqual({ kind: 'reset', closes: [107, 108] }));
    await ready();
    expect(gateway.asked.filter(({ name }) => name === 'Candles').at(-1)?.variables).toMatchObject({ after: 'c9' });
  });

  it('fetches history chunk by chunk until there is none, and looks again when a candle has closed', async () => {
    const { gateway, feed, ready, closes } = setUp();
    const askedFor = (name: string) => gateway.asked.filter((one) => one.name === name).map(({ variables }) => variables);
    await ready();
    gateway.answer('ChunkNames', ({ to }) => (to === TAIL_S ? namesOf(chunk(2, 'r2'), chunk(1, 'r1')) : namesOf()));
    gateway.answer('Chunk', () => chunkOf(minutes(-300, -297), 'r1'));
    feed.loadOlder();
    feed.loadOlder();
    await vi.waitFor(() => expect(closes()).toEqual([-200, -199, -198, 100, 101, 102]));
    expect(askedFor('Chunk')).toMatchObject([{ from: TAIL_S - CHUNK_S, to: TAIL_S, revision: 'r1' }]);
    feed.loadOlder();
    await vi.waitFor(() => expect(askedFor('ChunkNames').map(({ to }) => to)).toEqual([TAIL_S, TAIL_S - CHUNK_S]));
    feed.loadOlder();
    expect(askedFor('ChunkNames')).toHaveLength(2);

    gateway.send('Candles', event('CandleClosed', 2, '111.00'));
    await vi.waitFor(() => {
      feed.loadOlder();
      expect(askedFor('ChunkNames')).toHaveLength(3);
    });
  });

  it('begins with a closed chunk where the tail is short, and asks for it once', async () => {
    const { gateway, feed, closes } = setUp();
    gateway.answer('BarChunks', () => listOf([0, 1], 'c0', [chunk(1, 'r1')]));
    gateway.answer('Chunk', () => chunkOf([-300], 'r1'));
    feed.retry();
    await vi.waitFor(() => expect(closes()).toEqual([-200, 100, 101]));
    feed.retry();
    await vi.waitFor(() => expect(gateway.asked.filter(({ name }) => name === 'BarChunks').length).toBeGreaterThan(1));
    await vi.waitFor(() => expect(closes()).toEqual([-200, 100, 101]));
    expect(gateway.asked.filter(({ name }) => name === 'Chunk')).toHaveLength(1);
  });

  it('takes what has changed in a chunk when it has another name', async () => {
    const { gateway, feed, ready, closes } = setUp();
    gateway.answer('BarChunks', () => listOf([0], 'c0', [chunk(1, 'r1')]));
    gateway.answer('Chunk', ({ revision }) => chunkOf([-300, -299], `${revision}`, revision === 'r1' ? 100 : 1_000));
    feed.retry();
    await vi.waitFor(() => expect(closes()).toEqual([-200, -199, 100]));
    await ready();
    gateway.answer('ChunkNames', () => namesOf(chunk(1, 'r2')));
    gateway.send('Candles', { candles: { __typename: 'StreamGap', cursor: 'g1' } });
    await vi.waitFor(() => expect(closes()).toEqual([700, 701, 100]));
    gateway.send('Candles', { candles: { __typename: 'StreamGap', cursor: 'g2' } });
    await vi.waitFor(() => expect(gateway.asked.filter(({ name }) => name === 'ChunkNames').length).toBe(2));
    expect(gateway.asked.filter(({ name }) => name === 'Chunk').map(({ variables }) => variables.revision)).toEqual(['r1', 'r2']);
  });

  it('says why it failed, and tries again when told to', async () => {
    const gateway = createScriptedGateway();
    gateway.answer('LatestForecasts', () => ({ data: { latestForecasts: [] } }));
    gateway.answer('BarChunks', () => ({
      errors: [{ message: 'symbol "X" is not tracked', extensions: { code: 'SYMBOL_NOT_FOUND' } }] as never,
    }));
    const frames = createFrameBatch((callback) => callback());
    const feed = openPaneFeed({ client: gateway.client, frames, instrumentId: 'SIM:BTCUSDT', interval: '1m' });
    feed.listen({ onReset: () => undefined, onMerge: () => undefined });
    await vi.waitFor(() =>
      expect(feed.state.getState()).toMatchObject({
        phase: 'failed',
        failure: { code: 'SYMBOL_NOT_FOUND', message: 'symbol "X" is not tracked' },
      }),
    );
    gateway.answer('BarChunks', () => listOf([0, 1], 'c0'));
    feed.retry();
    await vi.waitFor(() => expect(feed.state.getState()).toMatchObject({ phase: 'ready', failure: undefined }));
    expect(feed.candles()).toHaveLength(2);
  });

  it('draws the newest forecast of each horizon', async () => {
    const { gateway, feed, paint, ready } = setUp();
    gateway.answer('LatestForecasts', () => ({ data: { latestForecasts: [forecast('5m', 1, 5), forecast('30m', 1, 30)] } }));
    await ready();
    await vi.waitFor(() => {
      paint();
      expect(feed.state.getState().fan?.points).toHaveLength(2);
    });
    gateway.send('Forecasts', { forecasts: { __typename: 'ForecastIssued', forecast: forecast('5m', 2, 5), cursor: 'f1' } });
    gateway.send('Forecasts', { forecasts: { __typename: 'ForecastIssued', forecast: forecast('5m', 0, 5), cursor: 'f2' } });
    paint();
    expect(feed.state.getState().fan).toMatchObject({ asOf: (START_S + 120) * 1000, models: [{ name: 'lstm', version: '1' }] });
  });

  it('stops with its last listener and goes on from its snapshot with the next', async () => {
    const { gateway, feed, stop, ready } = setUp();
    await ready();
    stop();
    expect(gateway.running()).toEqual([]);
    feed.listen({ onReset: () => undefined, onMerge: () => undefined });
    await ready();
    expect(gateway.asked.filter(({ name }) => name === 'BarChunks')).toHaveLength(1);
  });
});
