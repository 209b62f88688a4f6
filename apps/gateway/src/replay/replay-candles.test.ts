import {
  addMs,
  type Candle,
  candleKey,
  type EpochMs,
  type Instrument,
  type InstrumentId,
  type Interval,
  intervalMs,
  MINUTE_MS,
  toStreamCursor,
} from '@candlecast/domain';
import { createTradeWriter } from '@candlecast/store';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CandleEvent } from '../live/stream-events.ts';
import { stepping, toReplaySources } from '../testing/replay-rig.ts';
import { deeds, FILLED_AFTER_ALL, liveThrough, STILL_ASKED_FOR } from '../testing/series-history.ts';
import { at, START, startTestMarket, type TestMarket } from '../testing/test-market.ts';
import { openCandleReplay } from './replay-candles.ts';
import type { ReplaySources } from './replay-sources.ts';

let market: TestMarket;
let sources: ReplaySources;

beforeAll(async () => {
  market = await startTestMarket();
  sources = toReplaySources(market);
});
afterAll(() => market.stop());

type Played = Extract<CandleEvent, { __typename: 'CandleClosed' | 'CandleCorrection' }>;

/** Plays everything and checks each event against the clock as it comes. */
async function play(
  instrument: Instrument,
  interval: Interval,
  clock: ReturnType<typeof stepping>,
  present: EpochMs,
  options: { after?: string; closedOnly?: boolean; snapshot?: number; speed?: number } = {},
): Promise<CandleEvent[]> {
  const { after, closedOnly = true, snapshot = 0, speed = 3_600 } = options;
  const request = { instruments: [instrument], interval, snapshot, after, throttleMs: 0, closedOnly };
  const events: CandleEvent[] = [];
  for await (const event of openCandleReplay({ ...sources, venues: { ...sources.venues, now: async () => present } }, request, {
    clock,
    speed,
  })(new AbortController().signal)) {
    events.push(event);
    const now = clock.last();
    if (event.__typename === 'CandleClosed' || event.__typename === 'CandleCorrection') {
      expect(event.candle.closeTime).toBeLessThanOrEqual(now);
      if (!event.candle.reconstructed) expect(event.candle.knownAt).toBeLessThanOrEqual(now);
    }
    if (event.__typename === 'CandleUpdate') {
      expect(event.candle.openTime).toBeLessThanOrEqual(now);
      expect(event.candle.knownAt).toBeLessThanOrEqual(now);
      expect(event.candle.isClosed).toBe(false);
    }
    if (event.__typename === 'StreamGap') expect(event.to).toBeLessThanOrEqual(now);
  }
  return events;
}

const isCandle = (event: CandleEvent): event is Played => event.__typename === 'CandleClosed' || event.__typename === 'CandleCorrection';
const show = (kind: string, { openTime, open, high, low, close, baseVolume, tradeCount, revision, knownAt }: Candle) =>
  `${kind} ${(openTime - START) / MINUTE_MS} ${open} ${high} ${low} ${close} ${baseVolume} ${tradeCount} r${revision} @${knownAt - START}`;

/** What the log says of the interval, in its order. */
async function truthOf(id: InstrumentId, interval: Interval): Promise<string[]> {
  const oldest = await market.log.oldest();
  const events = await market.log.read({ after: oldest, limit: 100_000, keys: [candleKey(id, interval)] });
  return events.flatMap((event) => {
    if (event.topic === 'candle.closed') return [show('closed', event.payload.candle)];
    return event.topic === 'candle.corrected' ? [show('corrected', event.payload.candle)] : [];
  });
}

const played = (events: readonly CandleEvent[]) =>
  events.filter(isCandle).map((event) => show(event.__typename === 'CandleClosed' ? 'closed' : 'corrected', event.candle));

describe('a replay of candles', () => {
  it('says what the log said, in its order, and nothing before its time', async () => {
    await fc.assert(
      fc.asyncProperty(
        deeds,
        fc.constantFrom<Interval>('1m', '3m', '5m', '15m'),
        fc.array(fc.integer({ min: 20_000, max: 400_000 }), { minLength: 1, maxLength: 6 }),
        async (history, interval, steps) => {
          const { instrument, end } = await liveThrough(market, history);
          const events = await play(instrument, interval, stepping(addMs(START, -1), steps), end);
          expect(played(events)).toEqual(await truthOf(instrument.id, interval));
        },
      ),
      {
        numRuns: 25,
        examples: [
          [FILLED_AFTER_ALL, '1m', [20_000]],
          [STILL_ASKED_FOR, '5m', [20_000]],
        ],
      },
    );
  }, 120_000);

  it('goes on behind any of its cursors as if it had never stopped', async () => {
    await fc.assert(
      fc.asyncProperty(
        deeds,
        fc.constantFrom<Interval>('1m', '5m'),
        fc.array(fc.integer({ min: 20_000, max: 400_000 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        async (history, interval, steps, pick) => {
          const { instrument, end } = await liveThrough(market, history);
          const all = (await play(instrument, interval, stepping(addMs(START, -1), steps), end)).filter(isCandle);
          if (all.length === 0) return;
          const at = pick % all.length;
          const rest = await play(instrument, interval, stepping(addMs(START, -1), steps), end, { after: all[at]?.cursor ?? '' });
          expect(played(rest)).toEqual(played(all.slice(at + 1)));
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);

  it('plays what was fetched as history at its close, marked as reconstructed', async () => {
    const { instrument, end } = await liveThrough(market, [{ do: 'close', minutes: 10 }], 60);
    const events = (await play(instrument, '15m', stepping(addMs(START, -60 * MINUTE_MS - 1), [30_000]), end)).filter(isCandle);
    expect(events.map(({ candle }) => [(candle.openTime - START) / MINUTE_MS, candle.reconstructed])).toEqual([
      [-60, true],
      [-45, true],
      [-30, true],
      [-15, true],
    ]);
    const stored = await sources.candles.findCandles({
      instrumentId: instrument.id,
      interval: '15m',
      range: { from: addMs(START, -60 * MINUTE_MS), to: START },
      limit: 10,
      take: 'oldest',
    });
    expect(events.map(({ candle: { closeTime: _, ...candle } }) => candle)).toEqual(stored);
  });

  it('begins with the snapshot as it was known then, and shows the open candle as its minutes come', async () => {
    const { instrument, end } = await liveThrough(market, [
      { do: 'close', minutes: 6 },
      { do: 'close', minutes: 1 },
      { do: 'correct', back: 6 },
    ]);
    const from = addMs(at(6), 30_000);
    const events = await play(instrument, '5m', stepping(from, [5_000]), end, { snapshot: 3, closedOnly: false });
    const [snapshot] = events;
    if (snapshot?.__typename !== 'CandleSnapshot') throw new Error('no snapshot came first');
    expect(snapshot.candles.every(({ knownAt }) => knownAt <= from)).toBe(true);
    const updates = events.flatMap((event) => (event.__typename === 'CandleUpdate' ? [event.candle] : []));
    expect([...new Set(updates.map(({ openTime, baseVolume }) => `${(openTime - START) / MINUTE_MS} ${baseVolume}`))]).toEqual([
      '5 1.50000000',
      '5 3.00000000',
    ]);
  });

  it('moves the open minute with its trades, as far as they had happened', async () => {
    const { instrument, end } = await liveThrough(market, [{ do: 'close', minutes: 3 }]);
    const trade = (n: number, ms: number, price: string) => ({
      instrumentId: instrument.id,
      aggTradeId: n,
      tradeTime: addMs(at(1), ms),
      price: `${price}` as never,
      size: '0.50' as never,
      firstTradeId: n * 2,
      lastTradeId: n * 2 + 1,
      takerSide: n % 2 === 0 ? ('BUY' as const) : ('SELL' as const),
    });
    await createTradeWriter(market.database).storeTrades([trade(1, 10_000, '5.00'), trade(2, 20_000, '7.00'), trade(3, 50_000, '4.00')]);
    const clock = stepping(at(1), [2_000]);
    const events = await play(instrument, '1m', clock, end, { closedOnly: false, speed: 1 });
    const seen = events.flatMap((event) => {
      if (event.__typename !== 'CandleUpdate' || event.candle.openTime !== at(1)) return [];
      const { open, high, low, close, baseVolume, tradeCount } = event.candle;
      return [`${open} ${high} ${low} ${close} ${baseVolume} ${tradeCount}`];
    });
    expect([...new Set(seen)]).toEqual(['5.00 5.00 5.00 5.00 0.50 2', '5.00 7.00 5.00 7.00 1.00 4', '5.00 7.00 4.00 4.00 1.50 6']);
  });

  it('hands over to the live stream with its cursor', async () => {
    const { instrument, end } = await liveThrough(market, [{ do: 'close', minutes: 3 }]);
    const events = await play(instrument, '1m', stepping(START, [intervalMs('1d')]), end);
    expect(events.at(-1)).toMatchObject({ __typename: 'StreamHeartbeat', cursor: toStreamCursor(await market.log.head()) });
  });

  it('takes no cursor of another kind', async () => {
    const { instrument, end } = await liveThrough(market, []);
    const cursor = toStreamCursor(await market.log.head());
    await expect(play(instrument, '1m', stepping(START, [1_000]), end, { after: cursor })).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
    });
  });
});
