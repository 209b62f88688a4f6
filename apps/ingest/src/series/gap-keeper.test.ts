import {
  AppError,
  type CandleValues,
  type EpochMs,
  type InstrumentId,
  MINUTE_MS,
  type TimeRange,
  toEpochMs,
  toInstrumentId,
} from '@candlecast/domain';
import { aCandle, FakeClock } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { GapKeeper } from './gap-keeper.ts';

const START = 1_640_995_200_000;
const ID = toInstrumentId('SIM', 'BTCUSDT');

function at(minute: number): EpochMs {
  return toEpochMs(START + minute * MINUTE_MS);
}

/** A keeper over an exchange that has the given minutes and may fail; what it does is written down. */
function aKeeper(firstReason: 'PENDING' | 'SOURCE_INCOMPLETE' = 'PENDING') {
  const clock = new FakeClock(START + 3_600_000);
  const timer = new FakeClock(0);
  const trouble: { failure?: AppError } = {};
  const has = new Set<number>();
  const done: (readonly unknown[])[] = [];
  const keeper = new GapKeeper({
    firstReason,
    now: () => clock.now(),
    elapsedMs: () => timer.now(),
    onFailure: (_, __, cause) => void done.push(['failure', (cause as AppError).code]),
    record: async (_: InstrumentId, range: TimeRange, reason) =>
      void done.push([reason, (range.from - START) / MINUTE_MS, (range.to - START) / MINUTE_MS]),
    fetch: async (_, range) => {
      if (trouble.failure) throw trouble.failure;
      return [...has]
        .map((minute): CandleValues => ({ ...aCandle(), openTime: at(minute) }))
        .filter(({ openTime }) => openTime >= range.from && openTime < range.to);
    },
    commit: async (_, candles) => void done.push(['commit', ...candles.map(({ openTime }) => (openTime - START) / MINUTE_MS)]),
  });
  return { keeper, clock, timer, trouble, has, done };
}

describe('GapKeeper', () => {
  it('confirms a hole that is empty still after ten minutes, and not before', async () => {
    const { keeper, clock, done } = aKeeper();
    await keeper.report(ID, { from: at(1), to: at(3) });
    for (const waitMs of [1_000, 30_000, 60_000, 60_000, 440_000]) {
      clock.advance(waitMs);
      await keeper.sweep();
    }
    expect(done.filter(([reason]) => reason === 'CONFIRMED_EMPTY')).toEqual([]);
    clock.advance(60_000);
    await keeper.sweep();
    expect(done.at(-1)).toEqual(['CONFIRMED_EMPTY', 1, 3]);
    expect(keeper.pending).toEqual([]);
  });

  it('commits what the exchange has by then, after cutting out what stays empty', async () => {
    const { keeper, clock, has, done } = aKeeper();
    await keeper.report(ID, { from: at(1), to: at(6) });
    for (const minute of [1, 2, 5]) has.add(minute);
    clock.advance(30_000);
    await keeper.sweep();
    expect(done.slice(1)).toEqual([
      ['PENDING', 3, 5],
      ['commit', 1, 2, 5],
    ]);
    expect(keeper.pending.map(({ range }) => range)).toEqual([{ from: at(3), to: at(5) }]);
  });

  it('goes on with a hole that was pending when the service ended', async () => {
    const { keeper, clock, done } = aKeeper();
    keeper.resume(ID, [{ from: at(1), to: at(3), firstSeenAt: toEpochMs(clock.now() - 11 * MINUTE_MS) }]);
    await keeper.sweep();
    expect(done).toEqual([['CONFIRMED_EMPTY', 1, 3]]);
  });

  it('confirms a hole that only the store showed after two reads of the exchange ten minutes apart, the first at once', async () => {
    const { keeper, clock, done } = aKeeper();
    await keeper.report(ID, { from: at(1), to: at(3) }, false);
    keeper.resume(ID, [{ from: at(7), to: at(8), firstSeenAt: toEpochMs(clock.now() - 60 * MINUTE_MS) }], false);
    await keeper.sweep();
    expect(done).toHaveLength(3);
    for (const waitMs of [599_999, 1]) {
      expect(done.filter(([reason]) => reason === 'CONFIRMED_EMPTY')).toEqual([]);
      clock.advance(waitMs);
      await keeper.sweep();
    }
    expect(done.slice(-2)).toEqual([
      ['CONFIRMED_EMPTY', 1, 3],
      ['CONFIRMED_EMPTY', 7, 8],
    ]);
    expect(keeper.pending).toEqual([]);
  });

  it('asks nobody about a finished recording', async () => {
    const { keeper, clock, done } = aKeeper('SOURCE_INCOMPLETE');
    await keeper.report(ID, { from: at(1), to: at(3) });
    clock.advance(3_600_000);
    await keeper.sweep();
    expect(done).toEqual([['SOURCE_INCOMPLETE', 1, 3]]);
  });

  it('says what is known of a hole once it is final: an outage of the whole exchange', async () => {
    const outage = { from: toEpochMs(Date.UTC(2023, 2, 24, 12, 40)), to: toEpochMs(Date.UTC(2023, 2, 24, 14)) };
    const asked = aKeeper();
    asked.keeper.resume(ID, [{ ...outage, firstSeenAt: toEpochMs(asked.clock.now() - 11 * MINUTE_MS) }]);
    await asked.keeper.sweep();
    const recorded = aKeeper('SOURCE_INCOMPLETE');
    await recorded.keeper.report(ID, outage);
    for (const { done } of [asked, recorded]) expect(done).toEqual([['EXCHANGE_OUTAGE', expect.any(Number), expect.any(Number)]]);
  });

  it('gives a hole up for now when no other try can cure the failure, and goes on with the others', async () => {
    const { keeper, clock, trouble, done } = aKeeper();
    await keeper.report(ID, { from: at(1), to: at(3) });
    await keeper.report(ID, { from: at(5), to: at(6) });
    trouble.failure = new AppError('exchange_refused', 'no such symbol');
    clock.advance(30_000);
    await keeper.sweep();
    expect(done.slice(2)).toEqual([
      ['failure', 'exchange_refused'],
      ['FETCH_FAILED', 1, 3],
      ['failure', 'exchange_refused'],
      ['FETCH_FAILED', 5, 6],
    ]);
    expect(keeper.pending).toEqual([]);
  });

  it('tries a failing hole again with growing pauses, for half an hour of this machine', async () => {
    const { keeper, clock, timer, trouble, has, done } = aKeeper();
    await keeper.report(ID, { from: at(1), to: at(3) });
    trouble.failure = new AppError('exchange_unavailable', 'away', { retryable: true });
    clock.advance(30_000);
    let tries = 0;
    for (let second = 0; second < 1_700; second += 1) {
      const before = done.length;
      await keeper.sweep();
      tries += done.length - before;
      timer.advance(1_000);
    }
    expect(tries).toBeGreaterThan(25);
    expect(tries).toBeLessThan(40);
    expect(done.some(([reason]) => reason === 'FETCH_FAILED')).toBe(false);
    timer.advance(200_000);
    await keeper.sweep();
    expect(done.at(-1)).toEqual(['FETCH_FAILED', 1, 3]);
    keeper.resume(ID, [{ from: at(1), to: at(3), firstSeenAt: clock.now() }]);
    keeper.resume(ID, [{ from: at(1), to: at(3), firstSeenAt: clock.now() }]);
    expect(keeper.pending).toHaveLength(1);
    trouble.failure = undefined;
    for (const minute of [1, 2]) has.add(minute);
    clock.advance(30_000);
    await keeper.sweep();
    expect(done.at(-1)).toEqual(['commit', 1, 2]);
    expect(keeper.pending).toEqual([]);
  });
});
