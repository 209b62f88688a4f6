import { type CandleValues, type EpochMs, toDecimal, toEpochMs } from '@candlecast/domain';
import { aCandle } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { Tail } from './tail.ts';

const START = toEpochMs(1_640_995_200_000);

function at(minute: number): EpochMs {
  return toEpochMs(START + minute * 60_000);
}

function candle(minute: number, values: Partial<CandleValues> = {}): CandleValues {
  return { ...aCandle(), openTime: at(minute), ...values };
}

/** As a request brings it: without trade ids. */
function row(minute: number, values: Partial<CandleValues> = {}): CandleValues {
  return candle(minute, { firstTradeId: null, lastTradeId: null, ...values });
}

function minutes(candles: readonly CandleValues[]): number[] {
  return candles.map(({ openTime }) => (openTime - START) / 60_000);
}

describe('Tail', () => {
  it('lets candles out in order, whatever order they came in', () => {
    const tail = new Tail(at(0), at(0), 100);
    for (const minute of [2, 0, 1, 4]) tail.offer(candle(minute));
    expect(minutes(tail.take(100))).toEqual([0, 1, 2]);
    expect(tail.next).toBe(at(3));
    tail.offer(candle(3));
    expect(minutes(tail.take(100))).toEqual([3, 4]);
  });

  it('takes at most as many as asked for', () => {
    const tail = new Tail(at(0), at(0), 100);
    for (const minute of [0, 1, 2]) tail.offer(candle(minute));
    expect(minutes(tail.take(2))).toEqual([0, 1]);
    expect(minutes(tail.take(2))).toEqual([2]);
  });

  it('holds what the stream brings until a request has filled the minutes before it', () => {
    const tail = new Tail(at(0), at(0), 100);
    tail.offer(candle(3));
    expect(tail.take(100)).toEqual([]);
    expect(tail.merge([row(0), row(1), row(2)])).toEqual([]);
    expect(minutes(tail.take(100))).toEqual([0, 1, 2, 3]);
  });

  it('names the minutes that the exchange passed over, and goes on once they are recorded', () => {
    const tail = new Tail(at(0), at(0), 100);
    const holes = tail.merge([row(0), row(3), row(4), row(7)]);
    expect(holes).toEqual([
      { from: at(1), to: at(3) },
      { from: at(5), to: at(7) },
    ]);
    expect(minutes(tail.take(100))).toEqual([0]);
    for (const hole of holes) tail.excuse(hole);
    expect(minutes(tail.take(100))).toEqual([3, 4, 7]);
    expect(tail.next).toBe(at(8));
  });

  it('calls nothing a hole that the stream has brought, nor what lies after the last row', () => {
    const tail = new Tail(at(0), at(0), 100);
    tail.offer(candle(1));
    tail.offer(candle(9));
    expect(tail.merge([row(0), row(2)])).toEqual([]);
    expect(tail.merge([])).toEqual([]);
  });

  it('takes a late candle into a hole that it has passed over', () => {
    const tail = new Tail(at(0), at(0), 100);
    for (const hole of tail.merge([row(0), row(2)])) tail.excuse(hole);
    tail.take(100);
    expect(tail.offer(candle(1))).toBe('late');
    expect(minutes(tail.take(100))).toEqual([1]);
    expect(tail.next).toBe(at(3));
  });

  it.each([
    ['the same again', {}, 'duplicate'],
    ['one with fewer trades', { tradeCount: 1_000, close: toDecimal('1') }, 'duplicate'],
    ['other values with as many trades', { close: toDecimal('46240.00') }, 'duplicate'],
    ['one with more trades', { tradeCount: 1_110 }, 'late'],
  ])('after a close has left, judges %s', (_, values, verdict) => {
    const tail = new Tail(at(0), at(0), 100);
    tail.offer(candle(0));
    tail.take(100);
    expect(tail.offer(candle(0, values))).toBe(verdict);
    expect(tail.take(100)).toHaveLength(verdict === 'late' ? 1 : 0);
  });

  it('lets several late versions of a minute out as one, the newest, and late minutes in order', () => {
    const tail = new Tail(at(0), at(0), 100);
    for (const minute of [0, 1, 2]) tail.offer(candle(minute));
    tail.take(100);
    tail.offer(candle(3));
    for (const [minute, tradeCount] of [
      [1, 2_000],
      [0, 2_000],
      [1, 2_001],
    ] as const) {
      expect(tail.offer(candle(minute, { tradeCount }))).toBe('late');
    }
    expect(tail.take(100).map(({ openTime, tradeCount }) => [(openTime - START) / 60_000, tradeCount])).toEqual([
      [0, 2_000],
      [1, 2_001],
      [3, 1_109],
    ]);
  });

  it('takes the trade ids that the stream brings after a request was faster', () => {
    const tail = new Tail(at(0), at(0), 100);
    tail.merge([row(0), row(1)]);
    tail.take(100);
    expect(tail.offer(candle(0))).toBe('late');
    expect(tail.offer(candle(1, { close: toDecimal('46240.00') }))).toBe('duplicate');
    expect(tail.take(100)).toEqual([candle(0)]);
    expect(tail.offer(candle(0))).toBe('duplicate');
  });

  it('ignores what lies before the first live candle', () => {
    const tail = new Tail(at(5), at(9), 100);
    expect(tail.offer(candle(4))).toBe('duplicate');
    expect(tail.offer(candle(5))).toBe('late');
  });

  it.each([
    ['keeps the ids of a streamed candle that a request confirms', {}, row(0), { firstTradeId: 1_199_000_000 }],
    ['believes the request where values differ', { close: toDecimal('46240.00') }, row(0), { close: '46250.00', firstTradeId: null }],
    ['believes the stream where it knows more trades', { tradeCount: 1_200 }, row(0), { tradeCount: 1_200 }],
  ])('%s', (_, streamed, requested, expected) => {
    const tail = new Tail(at(0), at(0), 100);
    tail.offer(candle(0, streamed));
    tail.merge([requested]);
    expect(tail.take(1)).toEqual([expect.objectContaining(expected)]);
  });

  it('is bounded: what does not fit is dropped, the next in line never is', () => {
    const tail = new Tail(at(0), at(0), 2);
    expect([3, 2, 1, 0].map((minute) => tail.offer(candle(minute)))).toEqual(['held', 'held', 'dropped', 'held']);
    expect(tail.size).toBe(3);
    expect(minutes(tail.take(100))).toEqual([0]);
    tail.merge([row(1)]);
    expect(minutes(tail.take(100))).toEqual([1, 2, 3]);
  });
});
