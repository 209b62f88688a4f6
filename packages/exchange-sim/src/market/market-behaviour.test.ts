import { DAY_MS, type EpochMs, MINUTE_MS } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { createSimulatedMarket } from './simulated-market.ts';

/** What makes a simulated market worth learning from: the stylised facts of real ones, measured over 60 days. */
const END = Date.UTC(2026, 10, 16) as EpochMs;
const DAYS = 60;
const market = createSimulatedMarket({ seed: 1, symbols: [] });

function closes(symbol: string, stepMinutes: number): number[] {
  const found = market.symbols.get(symbol);
  const step = stepMinutes * MINUTE_MS;
  return Array.from({ length: (DAYS * DAY_MS) / step }, (_, index) => {
    const from = (END - DAYS * DAY_MS + index * step) as EpochMs;
    return Number.parseInt((found?.fold(from, (from + step) as EpochMs, END)?.close ?? '').replace('.', ''), 10) / 1e8;
  });
}

function returns(prices: number[]): number[] {
  return prices.slice(1).map((price, index) => Math.log(price / (prices[index] ?? price)));
}

function correlation(a: number[], b: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = a.reduce((sum, value, index) => sum + (value - meanA) * ((b[index] ?? 0) - meanB), 0);
  const norm = (values: number[], middle: number) => Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0));
  return product / (norm(a, meanA) * norm(b, meanB));
}

const lagged = (values: number[], lag: number) => correlation(values.slice(lag), values.slice(0, values.length - lag));

describe('the simulated market behaves like a real one', () => {
  const minute = returns(closes('BTCUSDT', 1));
  const hourly = returns(closes('BTCUSDT', 60));
  const size = (values: number[]) => values.map(Math.abs);

  it('moves about as much as Bitcoin does', () => {
    const daily = Math.sqrt(hourly.reduce((sum, value) => sum + value * value, 0) / DAYS);
    expect(daily).toBeGreaterThan(0.01);
    expect(daily).toBeLessThan(0.05);
  });

  it('has calm and wild times that last', () => {
    expect(lagged(size(minute), 1)).toBeGreaterThan(0.1);
    expect(lagged(size(minute), 60)).toBeGreaterThan(0.05);
    expect(lagged(size(hourly), 1)).toBeGreaterThan(0.1);
    expect(lagged(size(hourly), 24)).toBeGreaterThan(0.05);
  });

  it('has fat tails', () => {
    const second = minute.reduce((sum, value) => sum + value ** 2, 0) / minute.length;
    const fourth = minute.reduce((sum, value) => sum + value ** 4, 0) / minute.length;
    expect(fourth / second ** 2).toBeGreaterThan(4);
  });

  it('takes part of a minute back in the next and has no memory of direction beyond', () => {
    expect(lagged(minute, 1)).toBeLessThan(-0.005);
    expect(lagged(minute, 1)).toBeGreaterThan(-0.15);
    expect(Math.abs(lagged(hourly, 1))).toBeLessThan(0.08);
  });

  it('has busy and quiet hours', () => {
    const variance = (hour: number) =>
      hourly.filter((_, index) => (index + 1) % 24 === hour).reduce((sum, value) => sum + value * value, 0);
    expect(variance(14) + variance(15)).toBeGreaterThan(1.3 * (variance(4) + variance(5)));
  });

  it('moves pairs together, and the stablecoin not at all', () => {
    expect(correlation(hourly, returns(closes('ETHUSDT', 60)))).toBeGreaterThan(0.6);
    expect(correlation(hourly, returns(closes('DOGEUSDT', 60)))).toBeGreaterThan(0.4);
    for (const close of closes('USDCUSDT', 60)) expect(Math.abs(close - 1)).toBeLessThan(0.002);
  });
});
