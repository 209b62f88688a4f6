import type { EpochMs } from '@candlecast/domain';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { ChartCandle } from '../market/chart-candle.ts';
import type { ForecastFan } from '../market/forecast-fan.ts';
import { FIRST_CANDLES } from './candle-chart.ts';
import { SvgCandles } from './svg-candles.tsx';
import { layOutCandles, niceTicks } from './svg-layout.ts';

const START = Date.parse('2026-01-31T12:00:00Z');
const candles = (count: number): ChartCandle[] =>
  Array.from({ length: count }, (_, index) => ({
    openTime: (START + index * 60_000) as EpochMs,
    open: 100,
    high: 104,
    low: 96,
    close: index % 2 === 0 ? 103 : 97,
    baseVolume: 5,
    isClosed: true,
  }));
const bodies = (path: string) => path.split('z').length - 1;
const fan: ForecastFan = {
  asOf: (START + 120_000) as EpochMs,
  refPrice: 103,
  points: [{ time: (START + 720_000) as EpochMs, lower90: 80, lower50: 95, median: 104, upper50: 110, upper90: 120 }],
  models: [],
  parts: [],
  cadenceMs: 60_000,
};

describe('the server-rendered chart', () => {
  it('draws a body for every candle, rising and falling apart', () => {
    const layout = layOutCandles(candles(5), '1m', undefined);
    expect([bodies(layout.rising), bodies(layout.falling)]).toEqual([3, 2]);
    expect([bodies(layout.risingVolume), bodies(layout.fallingVolume)]).toEqual([3, 2]);
  });

  it('shows as many candles as the engine will at first', () => {
    const layout = layOutCandles(candles(300), '1m', undefined);
    expect(bodies(layout.rising) + bodies(layout.falling)).toBe(FIRST_CANDLES);
  });

  it('keeps the whole fan inside the drawing', () => {
    const layout = layOutCandles(candles(3), '1m', fan);
    const ys = [...layout.outerBand.matchAll(/[ML](\S+) (-?[\d.]+)/g)].map(([, x, y]) => [
      Number.parseFloat(x ?? ''),
      Number.parseFloat(y ?? ''),
    ]);
    expect(ys.length).toBeGreaterThan(10);
    for (const [x = -1, y = -1] of ys) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(layout.width);
      expect(y).toBeGreaterThanOrEqual(160);
      expect(y).toBeLessThanOrEqual(780);
    }
  });

  it('is readable text: the last price and round prices on the axis, times in UTC', () => {
    const html = renderToStaticMarkup(
      <SvgCandles label="BTC/USDT, last price 103.00" interval="1m" decimals={2} candles={candles(3)} fan={fan} />,
    );
    expect(html).toContain('role="img" aria-label="BTC/USDT, last price 103.00"');
    expect(html).toContain('>103.00<');
    expect(html).toContain('>100.00<');
    expect(html).toContain('>12:01<');
  });

  it('keeps its box without a single candle', () => {
    const html = renderToStaticMarkup(<SvgCandles label="empty" interval="1m" decimals={2} candles={[]} fan={undefined} />);
    expect(html).toContain('<svg');
    expect(html).not.toContain('NaN');
    expect(html).not.toContain('Infinity');
  });
});

describe('niceTicks', () => {
  it.each([
    [96, 104, [96, 98, 100, 102, 104]],
    [0.501, 0.559, [0.51, 0.52, 0.53, 0.54, 0.55]],
    [67_066, 67_700, [67_200, 67_400, 67_600]],
  ])('are round between %d and %d', (low, high, ticks) => {
    expect(niceTicks(low, high).map((tick) => Math.round(tick * 1e6) / 1e6)).toEqual(ticks);
  });
});
