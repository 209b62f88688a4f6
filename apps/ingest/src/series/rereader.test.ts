import { addMs, type CandleValues, type EpochMs, MINUTE_MS, type TimeRange, toDecimal, toEpochMs } from '@candlecast/domain';
import { aCandle, FakeClock } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { MOST_CANDLES, Rereader, type RereadResult } from './rereader.ts';
import { Tail } from './tail.ts';

const START = 1_640_995_200_000;

/** A rereader over `symbols`; what it asks for and what became of it is written down. */
function aRereader(symbols: readonly string[], answer: (range: TimeRange) => Promise<readonly CandleValues[]> = async () => []) {
  const clock = new FakeClock(START);
  const asked: { readonly symbol: string; readonly range: TimeRange; readonly at: EpochMs }[] = [];
  const results: Record<RereadResult, number> = { same: 0, changed: 0, skipped: 0, failed: 0 };
  const logged: unknown[] = [];
  const live = new Set(symbols);
  const rereader = new Rereader({
    clock: { now: () => clock.now(), toWallMs: (ms) => ms },
    series: () => symbols.map((symbol) => ({ symbol, isLive: live.has(symbol), takeAgain: async () => 0 })),
    fetch(symbol, range) {
      asked.push({ symbol, range, at: clock.now() });
      return answer(range);
    },
    onResult(result, candles) {
      results[result] += candles;
    },
    log: { warn: (...[fields]: unknown[]) => void logged.push(fields) },
  });
  return { rereader, clock, asked, results, logged, live };
}

/** What an exchange answers that has a candle for every minute. */
async function rowsOf({ from, to }: TimeRange): Promise<CandleValues[]> {
  return Array.from({ length: (to - from) / MINUTE_MS }, (_, index) => ({ ...aCandle(), openTime: addMs(from, index * MINUTE_MS) }));
}

/** Lets whatever is under way come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Rereader', () => {
  it('reads every closed candle of every series once, 30 to 60 s after the newer of two has closed', async () => {
    const symbols = Array.from({ length: 40 }, (_, index) => `PAIR${index}USDT`);
    const { rereader, clock, asked, results } = aRereader(symbols, rowsOf);
    for (let tick = 0; tick < 1_200; tick += 1) {
      rereader.tick();
      await settled();
      clock.advance(500);
    }
    for (const symbol of symbols) {
      const reads = asked.filter((read) => read.symbol === symbol);
      expect(reads.length).toBeGreaterThanOrEqual(4);
      for (const [index, { range, at }] of reads.entries()) {
        const before = reads[index - 1];
        expect(range.from).toBe(before ? before.range.to - MINUTE_MS : range.to - 10 * MINUTE_MS);
        expect(range.to - (before?.range.to ?? range.to - 2 * MINUTE_MS)).toBe(2 * MINUTE_MS);
        expect(at - range.to).toBeGreaterThanOrEqual(30_000);
        expect(at - range.to).toBeLessThan(61_000);
      }
    }
    const read = asked.reduce((sum, { range }) => sum + (range.to - range.from) / MINUTE_MS, 0);
    expect(results).toEqual({ same: read, changed: 0, skipped: 0, failed: 0 });
    const perMinute = asked.filter(({ at }) => at >= START + 2 * MINUTE_MS && at < START + 3 * MINUTE_MS).length;
    expect(perMinute).toBeGreaterThan(10);
    expect(perMinute).toBeLessThan(30);
  });

  it.each([
    ['what did not get its turn', 8, 0],
    ['no more than one request brings, and counts the rest as skipped', 1_200, 150],
  ])('makes up for %s', async (_, minutes, leastSkipped) => {
    let release: (candles: readonly CandleValues[]) => void = () => undefined;
    const { rereader, clock, asked, results } = aRereader(['AUSDT'], () => new Promise((resolve) => (release = resolve)));
    const run = async (length: number) => {
      for (let tick = 0; tick < length * 60; tick += 1) {
        rereader.tick();
        clock.advance(1_000);
      }
      await settled();
    };
    await run(minutes);
    expect(asked).toHaveLength(1);
    const first = asked[0]?.range ?? { from: clock.now(), to: clock.now() };
    release(await rowsOf(first));
    await settled();
    await run(4);
    expect(asked).toHaveLength(2);
    const second = asked[1]?.range ?? first;
    expect((asked[1]?.at ?? 0) - second.to).toBeLessThan(3 * MINUTE_MS + 1_000);
    const skipped = (second.from - first.to) / MINUTE_MS + 1;
    expect(skipped).toBeGreaterThanOrEqual(leastSkipped);
    expect(results.skipped).toBe(skipped);
    expect(second.to - second.from).toBeLessThanOrEqual(MOST_CANDLES * MINUTE_MS);
  });

  it('counts, logs and makes up for a read that fails; one of a series that is not live waits without either', async () => {
    let isAway = true;
    const answer = (range: TimeRange) => (isAway ? Promise.reject(new Error('away')) : rowsOf(range));
    const { rereader, clock, asked, results, logged, live } = aRereader(['AUSDT'], answer);
    const turn = async () => {
      clock.advance(2 * MINUTE_MS);
      rereader.tick();
      await settled();
    };
    rereader.tick();
    await turn();
    expect(results.failed).toBe(10);
    expect(logged).toEqual([expect.objectContaining({ symbol: 'AUSDT', failures: 0, err: expect.objectContaining({ message: 'away' }) })]);
    live.clear();
    await turn();
    expect(results).toEqual({ same: 0, changed: 0, skipped: 0, failed: 10 });
    live.add('AUSDT');
    isAway = false;
    await turn();
    expect(results).toEqual({ same: 14, changed: 0, skipped: 0, failed: 10 });
    expect(asked[1]?.range.from).toBe(asked[0]?.range.from);
  });

  it('begins at the newest candle of an answer, which a stale cache shows as it was when it was open, and stays where nothing comes', async () => {
    const answers = [async ({ from, to }: TimeRange) => (await rowsOf({ from, to })).slice(0, -3), async () => [], rowsOf];
    const { rereader, clock, asked } = aRereader(['AUSDT'], (range) => (answers.shift() ?? rowsOf)(range));
    for (let turn = 0; turn < 5; turn += 1) {
      rereader.tick();
      await settled();
      clock.advance(2 * MINUTE_MS);
    }
    const [first, second, third, fourth] = asked.map(({ range }) => range);
    expect(second?.from).toBe((first?.to ?? 0) - 4 * MINUTE_MS);
    expect(third?.from).toBe(second?.from);
    expect(fourth?.from).toBe((third?.to ?? 0) - MINUTE_MS);
  });
});

describe('what is read again', () => {
  const at = (minute: number) => toEpochMs(START + minute * MINUTE_MS);
  const row = (minute: number, values: Partial<CandleValues> = {}): CandleValues => ({
    ...aCandle(),
    openTime: at(minute),
    firstTradeId: null,
    lastTradeId: null,
    ...values,
  });

  it.each([
    ['the same values', {}, 0],
    ['another close with as many trades', { close: toDecimal('46240.00') }, 1],
    ['more trades', { tradeCount: 1_110 }, 1],
    ['fewer trades, which is behind', { tradeCount: 1_000, close: toDecimal('46240.00') }, 0],
  ])('after a close has left, judges %s', (_, values, changed) => {
    const tail = new Tail(at(0), at(0), 100);
    tail.offer({ ...aCandle(), openTime: at(0) });
    tail.take(1);
    expect(tail.compare([row(0, values)])).toHaveLength(changed);
    expect(tail.compare([row(0, values)])).toEqual([]);
  });

  it('is committed where it is no longer remembered, and never where the series has not been', () => {
    const tail = new Tail(at(0), at(5), 100);
    expect(tail.compare([row(-1), row(4), row(5)])).toEqual([row(4)]);
  });
});
