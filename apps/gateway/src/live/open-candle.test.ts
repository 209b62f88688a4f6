import { addMs, type Candle, foldCandles, type OpenCandleUpdate, toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { at, BTC, minuteOf } from '../testing/test-market.ts';
import { createOpenCandle } from './open-candle.ts';

const closed = (minute: number): Candle => ({
  ...minuteOf(minute),
  isClosed: true,
  revision: 0,
  knownAt: at(minute + 1),
  reconstructed: false,
});
const open = (minute: number, close = '7.5'): OpenCandleUpdate => ({
  instrumentId: BTC,
  candle: minuteOf(minute, { close: toDecimal(close) }),
  exchangeTime: addMs(at(minute), 1_000),
  receivedAt: addMs(at(minute), 1_030),
});
const fold = (from: number, minutes: number[], last?: OpenCandleUpdate) =>
  foldCandles(at(from), [...minutes.map((minute) => minuteOf(minute)), ...(last ? [last.candle] : [])]);

describe('an open candle', () => {
  it('is the closed minutes of its bucket and the open one', () => {
    const candle = createOpenCandle('5m');
    candle.load([closed(5), closed(6)]);
    candle.update(open(7));
    expect(candle.current()).toEqual({
      ...fold(5, [5, 6], open(7)),
      isClosed: false,
      revision: 0,
      knownAt: open(7).receivedAt,
      reconstructed: false,
    });
  });

  it('goes on with a minute whose predecessor has not been stored yet, and with the stored one once it is', () => {
    const candle = createOpenCandle('5m');
    candle.load([closed(5)]);
    candle.update(open(6, '1.0'));
    candle.update(open(7));
    expect(candle.current()).toMatchObject({ open: minuteOf(5).open, close: '7.5', tradeCount: 30 });
    expect(candle.close(closed(6))).toBe(true);
    expect(candle.current()).toMatchObject(fold(5, [5, 6], open(7)));
  });

  it('holds the closed part between two minutes, and nothing once the bucket is complete', () => {
    const candle = createOpenCandle('3m');
    candle.load([closed(3)]);
    expect(candle.current()).toMatchObject({ ...fold(3, [3]), isClosed: false, knownAt: at(4) });
    candle.close(closed(4));
    expect(candle.current()).toMatchObject(fold(3, [3, 4]));
    candle.close(closed(5));
    expect(candle.current()).toBeUndefined();
    candle.update(open(6));
    expect(candle.current()).toMatchObject(fold(6, [], open(6)));
  });

  it('never shows what is closed, nor an older state', () => {
    const candle = createOpenCandle('1m');
    candle.load([closed(3)]);
    candle.update(open(3));
    expect(candle.current()).toBeUndefined();
    candle.update(open(4, '2.0'));
    candle.update(open(4, '3.0'));
    expect(candle.current()).toMatchObject({ openTime: at(4), close: '3.0' });
    candle.close(closed(4));
    candle.update(open(4));
    expect(candle.current()).toBeUndefined();
  });

  it('asks to be loaded again when a minute that it holds changes, and only then', () => {
    const candle = createOpenCandle('5m');
    candle.load([closed(5), closed(6)]);
    expect(candle.close(closed(6))).toBe(false);
    expect(candle.close(closed(5))).toBe(false);
    expect(candle.close(closed(4))).toBe(true);
    expect(candle.close(closed(8))).toBe(true);
    expect(candle.close(closed(7))).toBe(false);
  });

  it('outlives a database that is away, and does not grow without end', () => {
    const candle = createOpenCandle('12h');
    candle.load([closed(0)]);
    for (let minute = 1; minute <= 100; minute++) candle.update(open(minute));
    expect(candle.current()).toMatchObject({ openTime: at(0), open: minuteOf(0).open, tradeCount: 1_010 });
    for (let minute = 101; minute <= 500; minute++) candle.update(open(minute));
    expect(candle.current()).toMatchObject({ openTime: at(0), tradeCount: 1_210, knownAt: addMs(at(500), 1_030) });
  });
});
