import { type CandleValues, type EpochMs, MINUTE_MS, type TimeRange, toDecimal, toEpochMs } from '@candlecast/domain';
import { aCandle, eventually, FakeClock } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { Rereader, type RereadResult } from './rereader.ts';
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

/** Lets whatever is under way come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Rereader', () => {
  it('reads every closed candle of every series once, 30 to 60 s after the newer of two has closed', async () => {
    const symbols = Array.from({ length: 40 }, (_, index) => `PAIR${index}USDT`);
    const { rereader, clock, asked, results } = aRereader(symbols, async ({ from, to }) => [from, to - MINUTE_MS].map(() => aCandle()));
    for (let tick = 0; tick < 1_200; tick += 1) {
      rereader.tick();
      await settled();
      clock.advance(500);
    }
    for (const symbol of symbols) {
      const reads = asked.filter((read) => read.symbol === symbol);
      expect(reads.length).toBeGreaterThanOrEqual(4);
      for (const [index, { range, at }] of reads.entries()) {
        expect(range.to - range.from).toBe(2 * MINUTE_MS);
        expect(at - range.to).toBeGreaterThanOrEqual(30_000);
        expect(at - range.to).toBeLessThan(61_000);
        if (index > 0) expect(range.from).toBe(reads[index - 1]?.range.to);
      }
    }
    expect(results).toEqual({ same: 2 * asked.length, changed: 0, skipped: 0, failed: 0 });
    const perMinute = asked.filter(({ at }) => at >= START + 2 * MINUTE_MS && at < START + 3 * MINUTE_MS).length;
    expect(perMinute).toBeGreaterThan(10);
    expect(perMinute).toBeLessThan(30);
  });

  it('skips and counts what does not get its turn, and goes on with the newest', async () => {
    let release: (candles: readonly CandleValues[]) => void = () => undefined;
    const { rereader, clock, asked, results } = aRereader(['AUSDT'], () => new Promise((resolve) => (release = resolve)));
    const run = async (minutes: number) => {
      for (let tick = 0; tick < minutes * 60; tick += 1) {
        rereader.tick();
        clock.advance(1_000);
      }
      await settled();
    };
    await run(8);
    expect(asked).toHaveLength(1);
    expect(results.skipped).toBeGreaterThanOrEqual(2);
    release([]);
    await settled();
    await run(4);
    expect(asked).toHaveLength(2);
    expect((asked[1]?.at ?? 0) - (asked[1]?.range.to ?? 0)).toBeLessThan(3 * MINUTE_MS + 1_000);
  });

  it('counts and logs a read that fails, and neither for a series that is not live', async () => {
    const { rereader, clock, results, logged, live } = aRereader(['AUSDT'], () => Promise.reject(new Error('away')));
    rereader.tick();
    clock.advance(2 * MINUTE_MS);
    rereader.tick();
    await eventually(() => expect(results.failed).toBe(2));
    expect(logged).toEqual([expect.objectContaining({ symbol: 'AUSDT', failures: 0, err: expect.objectContaining({ message: 'away' }) })]);
    live.clear();
    clock.advance(2 * MINUTE_MS);
    rereader.tick();
    await settled();
    expect(results).toEqual({ same: 0, changed: 0, skipped: 0, failed: 2 });
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
