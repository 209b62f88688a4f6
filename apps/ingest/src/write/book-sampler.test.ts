import { type EpochMs, type InstrumentId, toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import type { BookUpdate } from '../exchange.ts';
import { BookSampler } from './book-sampler.ts';

const BTC = 'SIM:BTCUSDT' as InstrumentId;
const ETH = 'SIM:ETHUSDT' as InstrumentId;
const START = 1_640_995_200_000;

function at(ms: number): EpochMs {
  return (START + ms) as EpochMs;
}

function aBook(ms: number, bidSize: string): BookUpdate {
  const [bidPrice, askPrice, askSize] = [toDecimal('1.0'), toDecimal('1.1'), toDecimal('2')];
  return { receivedAt: at(ms), updateId: ms, bidPrice, bidSize: toDecimal(bidSize), askPrice, askSize };
}

describe('BookSampler', () => {
  it('keeps the last of each second, stamped with the end of that second', () => {
    const sampler = new BookSampler();
    for (const [ms, size] of [
      [100, '1'],
      [999, '2'],
      [1_000, '3'],
      [3_500, '4'],
    ] as const)
      sampler.take(BTC, aBook(ms, size));
    const samples = sampler.drain(at(3_600));
    expect(samples.map(({ at: time, bidSize }) => [time - START, bidSize])).toEqual([
      [1_000, '2'],
      [2_000, '3'],
    ]);
    expect(sampler.drain(at(3_999))).toEqual([]);
    expect(sampler.drain(at(4_000))).toMatchObject([{ at: at(4_000), bidSize: '4', updateId: 3_500 }]);
    expect(sampler.drain(at(9_000))).toEqual([]);
  });

  it('keeps nothing that is as it was', () => {
    const sampler = new BookSampler();
    sampler.take(BTC, aBook(0, '1'));
    expect(sampler.drain(at(1_000))).toHaveLength(1);
    sampler.take(BTC, aBook(1_200, '2'));
    sampler.take(BTC, aBook(1_300, '1'));
    expect(sampler.drain(at(2_000))).toEqual([]);
    sampler.take(BTC, aBook(2_200, '2'));
    expect(sampler.drain(at(3_000))).toHaveLength(1);
  });

  it('keeps instruments apart and forgets those that leave', () => {
    const sampler = new BookSampler();
    sampler.take(BTC, aBook(0, '1'));
    sampler.take(ETH, aBook(0, '1'));
    sampler.remove(BTC);
    expect(sampler.drain(at(1_000)).map(({ instrumentId }) => instrumentId)).toEqual([ETH]);
  });
});
