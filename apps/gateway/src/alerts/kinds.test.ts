import { addMs, type Horizon, horizonMs, QUANTILE_LEVELS, toDecimal } from '@candlecast/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlertWorld, startAlertWorld } from '../testing/alert-world.ts';
import { at, BTC } from '../testing/test-market.ts';

const DEADLINE_MS = 1_000_000_000_000; // the market of this test stands in 2022

let world: AlertWorld;
beforeEach(async () => {
  world = await startAlertWorld();
});
afterEach(() => world.stop());

/** Closes minutes from `from` on at these prices and lets alerts look. */
async function play(from: number, prices: readonly (number | string)[]): Promise<void> {
  for (const [index, price] of prices.entries()) await world.closeAt(from + index, price);
  await world.settle();
}

/** The average of the last `period` values, as it is written in books. */
const sma = (values: readonly number[], period: number) => values.slice(-period).reduce((sum, value) => sum + value, 0) / period;

describe('PRICE_LEVEL', () => {
  it('fires when a minute closes beyond the level, and again only once the price has gone back far enough', async () => {
    await play(0, [999]);
    const id = await world.make('PRICE_LEVEL', { level: '1000', direction: 'UP', rearm: '0.2' });
    await play(1, ['1000.00', '1000.50', '999.50', '1000.50', '998.00', '1000.01']);
    expect(await world.firings(id)).toEqual([
      { alertId: id, minute: 3, crossed: 'UP', value: '1000.50', level: '1000', reason: 'the minute closed at 1000.50, above 1000' },
      { alertId: id, minute: 7, crossed: 'UP', value: '1000.01', level: '1000', reason: 'the minute closed at 1000.01, above 1000' },
    ]);
  });

  it('fires for the first close after it was made when that lies beyond the level and the one before did not', async () => {
    await play(0, [999]);
    const up = await world.make('PRICE_LEVEL', { level: '1000', direction: 'UP' });
    const high = await world.make('PRICE_LEVEL', { level: '900', direction: 'UP' });
    await play(1, [1001]);
    expect(await world.firings(up)).toHaveLength(1);
    expect(await world.firings(high)).toEqual([]);
  });

  it('keeps quiet for its cooldown, ends after once, and at its expiry', async () => {
    const prices = [999, 1001, 999, 1001, 999, 1001];
    const rule = { level: '1000', direction: 'UP', rearm: '0' };
    const quiet = await world.make('PRICE_LEVEL', rule, { cooldownMs: 3 * 60_000 });
    const single = await world.make('PRICE_LEVEL', rule, { once: true });
    const brief = await world.make('PRICE_LEVEL', rule, { expiresAt: at(4) });
    await play(0, prices);
    const minutes = async (id: string) => (await world.firings(id)).map(({ minute }) => minute);
    expect([await minutes(quiet), await minutes(single), await minutes(brief)]).toEqual([[2, 6], [2], [2]]);
    const rows = await world.market.database.prisma.alert.findMany({ orderBy: { createdAt: 'asc' } });
    expect(rows.map(({ state, firedCount }) => `${state} ${firedCount}`)).toEqual(['ACTIVE 2', 'DONE 1', 'EXPIRED 1']);
  });

  it('hears nothing of what closed before it was made, nor of corrections', async () => {
    await play(0, [999, 1001, 999]);
    const id = await world.make('PRICE_LEVEL', { level: '1000', direction: 'EITHER', rearm: '0' });
    await world.closeAt(1, 1500); // a correction
    await play(3, [998]);
    expect(await world.firings(id)).toEqual([]);
  });
});

describe('PRICE_MOVE', () => {
  it('fires when the price has moved by more than so many percent within the window, exactly', async () => {
    const both = await world.make('PRICE_MOVE', { percent: '5', windowMinutes: 3, rearm: '0' });
    const down = await world.make('PRICE_MOVE', { percent: '5', windowMinutes: 3, direction: 'DOWN', rearm: '0' });
    await play(0, ['100.00', '100.00', '100.00', '105.00', '105.01', '105.01', '105.01', '90.00']);
    expect(await world.firings(both)).toMatchObject([
      {
        minute: 5,
        crossed: 'UP',
        value: '5.0100',
        level: '5',
        reason: 'from 100.00 to 105.01 within 3 minutes: 5.0100 percent, more than 5',
      },
      { minute: 8, crossed: 'UP', value: '-14.2939', level: '-5' },
    ]);
    expect((await world.firings(down)).map(({ minute, value }) => [minute, value])).toEqual([[8, '-14.2939']]);
  });

  it('begins its window before a gap, and says nothing where nothing is known', async () => {
    const id = await world.make('PRICE_MOVE', { percent: '5', windowMinutes: 3, rearm: '0' });
    await play(0, ['100.00', '100.00']);
    await world.market.candles.recordGap(BTC, { from: at(2), to: at(4) }, 'CONFIRMED_EMPTY', at(4));
    await play(4, ['101.00', '102.00', '106.00']);
    expect((await world.firings(id)).map(({ minute }) => minute)).toEqual([7]);
  });
});

describe('AVERAGE_CROSS', () => {
  it('fires when simple averages cross at the close of a candle', async () => {
    const id = await world.make('AVERAGE_CROSS', { average: 'SMA', fast: 2, slow: 4, interval: '1m', direction: 'EITHER' });
    const prices = [100, 101, 99, 98, 97, 96, 99, 103, 104, 101, 96, 95];
    await play(0, prices);
    const crossings = prices.flatMap((_, n) => {
      if (n < 4) return [];
      const above = (upTo: number) => sma(prices.slice(0, upTo), 2) > sma(prices.slice(0, upTo), 4);
      return above(n + 1) === above(n) ? [] : [`${n + 1} ${above(n + 1) ? 'UP' : 'DOWN'}`];
    });
    expect(crossings.length).toBeGreaterThan(1);
    expect((await world.firings(id)).map(({ minute, crossed }) => `${minute} ${crossed}`)).toEqual(crossings);
  });

  it('averages exponentially, over candles of its interval, also where its memory has to be read from the store', async () => {
    const prices = Array.from({ length: 120 }, (_, n) => 1_000 + 40 * Math.sin(n / 9));
    await play(0, prices.slice(0, 60));
    const id = await world.make('AVERAGE_CROSS', { average: 'EMA', fast: 2, slow: 4, interval: '5m', direction: 'EITHER' });
    await play(60, prices.slice(60));
    const closes = prices.filter((_, n) => n % 5 === 4).map((price) => Math.round(price * 100) / 100);
    const ema = (period: number, upTo: number) =>
      closes.slice(0, upTo).reduce((mean, close) => mean + (2 / (period + 1)) * (close - mean), closes[0] ?? 0);
    const above = (upTo: number) => ema(2, upTo) > ema(4, upTo);
    const crossings = closes.flatMap((_, n) => (n < 12 || above(n + 1) === above(n) ? [] : [(n + 1) * 5]));
    expect(crossings.length).toBeGreaterThan(1);
    expect((await world.firings(id)).map(({ minute }) => minute)).toEqual(crossings);
  });
});

describe('RSI_LEVEL', () => {
  it('fires when the index goes through its level', async () => {
    const id = await world.make('RSI_LEVEL', { level: '70', period: 3, interval: '1m', direction: 'UP', rearm: '5' });
    const prices = [100, 101, 100, 101, 100, 101, 104, 107, 103, 100, 99, 104, 109];
    await play(0, prices);
    const index = (upTo: number) => {
      const changes = prices.slice(1, upTo).map((price, n) => price - (prices[n] ?? 0));
      const mean = (sign: 1 | -1) => {
        const parts = changes.map((change) => Math.max(0, sign * change));
        const first = parts.slice(0, 3).reduce((sum, part) => sum + part, 0) / 3;
        return parts.slice(3).reduce((smooth, part) => (smooth * 2 + part) / 3, first);
      };
      return 100 - 100 / (1 + mean(1) / mean(-1));
    };
    const crossings = prices.flatMap((_, n) => (n >= 4 && index(n) < 70 && index(n + 1) > 70 ? [n + 1] : []));
    expect(crossings).toHaveLength(2);
    const firings = await world.firings(id);
    expect(firings.map(({ minute }) => minute)).toEqual(crossings);
    expect(Math.abs(Number(firings[0]?.value) - index(crossings[0] ?? 0))).toBeLessThan(1e-9);
  });
});

describe('FORECAST_FLIP', () => {
  it('fires when the served forecast turns, by its median or by its probability', async () => {
    const { forecasts } = world.market;
    const facts = { artifactPath: null, trainedFrom: at(-9_000), trainedThrough: at(-10), featureSchema: 1, card: {} };
    const ewma = await forecasts.saveModel({ ...facts, name: 'ewma', version: '1', kind: 'BASELINE', sha256: null });
    const lstm = await forecasts.saveModel({ ...facts, name: 'lstm', version: '1', kind: 'LSTM', sha256: 'a'.repeat(64) });
    const issue = async (minute: number, horizon: Horizon, pUp: number) => {
      world.market.clock.set(at(minute));
      await world.market.instruments.saveClock({ venue: 'SIM', wallTime: at(minute), anchorTime: at(minute), speed: 0 });
      const asOf = at(minute);
      const batchOf = (modelId: number, p: number) => ({
        ...{ instrumentId: BTC, modelId, asOf, input: new Uint8Array([1]), codeVersion: 'test' },
        forecasts: [
          {
            ...{ instrumentId: BTC, modelId, horizon, asOf, targetTime: addMs(asOf, horizonMs(horizon)), refPrice: toDecimal('1000.00') },
            ...{ pUp: p, reference: { modelId: ewma.id, sigma: 0.01 } },
            quantiles: QUANTILE_LEVELS.map((level) => ({
              ...{ level, logReturn: level - 1 + p },
              value: toDecimal((1_000 * (level + 0.5 + p - 0.5)).toFixed(2)),
            })),
          },
        ],
      });
      await forecasts.appendForecasts([batchOf(ewma.id, 0.9), batchOf(lstm.id, pUp)], DEADLINE_MS);
    };
    await issue(0, '1h', 0.4);
    const turned = await world.make('FORECAST_FLIP', { horizon: '1h' });
    const likely = await world.make('FORECAST_FLIP', { horizon: '1h', level: '0.6', direction: 'UP', rearm: '0.05' });
    for (const [n, pUp] of [0.45, 0.55, 0.61, 0.59, 0.62, 0.54, 0.65, 0.4].entries()) {
      await issue(n + 1, '1h', pUp);
      await issue(n + 1, '4h', 1 - pUp);
    }
    await world.settle();
    expect((await world.firings(turned)).map(({ minute, crossed, value, level }) => [minute, crossed, value, level])).toEqual([
      [2, 'UP', '1050.00', '1000.00'],
      [8, 'DOWN', '900.00', '1000.00'],
    ]);
    expect((await world.firings(likely)).map(({ minute, value }) => [minute, value])).toEqual([
      [3, '0.610000'],
      [7, '0.650000'],
    ]);
  });
});

describe('STALE_DATA', () => {
  it('fires once when no candle has closed for so long, and again only after one has', async () => {
    const id = await world.make('STALE_DATA', { intervals: 2 });
    await play(0, [100]);
    const lookAt = async (minute: number, seconds: number) => {
      world.market.clock.set(addMs(at(minute), seconds * 1_000));
      await world.settle();
    };
    await lookAt(3, 10);
    expect(await world.firings(id)).toEqual([]);
    await lookAt(3, 11);
    await lookAt(5, 0);
    expect((await world.firings(id)).map(({ value, level, reason }) => [value, level, reason])).toEqual([
      ['131.000', '130.000', 'no 1m candle has closed for 131.000 s'],
    ]);
    for (const minute of [1, 2, 3, 4]) await world.closeAt(minute, 100);
    await lookAt(5, 30);
    await lookAt(9, 0);
    expect(await world.firings(id)).toHaveLength(2);
  });

  it('fires when the feed is no longer live, and tells why', async () => {
    await play(0, [100]);
    const id = await world.make('STALE_DATA', {});
    const deaf = await world.make('STALE_DATA', { feed: false });
    for (const state of ['LIVE', 'RECONNECTING', 'STALE', 'LIVE', 'RECONNECTING'] as const) {
      world.feeds.set('SIM', { venue: 'SIM', state, since: at(1), detail: state === 'LIVE' ? null : 'the socket was closed' });
      world.market.clock.advance(1_000);
      await world.settle();
    }
    expect((await world.firings(id)).map(({ reason }) => reason)).toEqual(
      Array(2).fill('the feed of SIM is RECONNECTING: the socket was closed'),
    );
    expect(await world.firings(deaf)).toEqual([]);
  });
});
