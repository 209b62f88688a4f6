import { type Candle, type Gap, HOUR_MS, type Instrument, MINUTE_MS, toIso } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { at, BTC, minuteOf } from '../../testing/test-market.ts';
import { createTally } from './export-certificate.ts';

const instrument = { id: BTC, firstOpenTime: at(0), watermark: at(600) } as Instrument;

function gapOf(from: number, to: number): Gap {
  return {
    ...{ from: at(from), to: at(to), reason: 'EXCHANGE_OUTAGE', firstSeenAt: at(to), attempts: 1, lastAttemptAt: at(to) },
    ...{ resolvedAt: null, resolution: null },
  } as Gap;
}

function candleAt(minute: number): Candle {
  return { ...minuteOf(0), openTime: at(minute), isClosed: true, revision: 0, knownAt: at(minute), reconstructed: false } as Candle;
}

describe('createTally', () => {
  it('takes a gap that lies across the border of two pages for one', () => {
    const request = { instrument, interval: '1h', range: { from: at(0), to: at(120) }, now: at(600) } as const;
    const tally = createTally(request, [gapOf(50, 70)], 10);
    for (const hour of [0, 1]) {
      const span = { from: at(hour * 60), to: at(hour * 60 + HOUR_MS / MINUTE_MS) };
      tally.add(span, [candleAt(hour * 60)]);
    }
    const gap = { from: toIso(at(50)), to: toIso(at(70)), reason: 'EXCHANGE_OUTAGE' };
    expect(tally.certificate()).toMatchObject({ expected: 2, present: 2, missing: 0, gapCount: 1, gaps: [gap] });
  });

  it('lists the first gaps and counts the others', () => {
    const request = { instrument, interval: '1m', range: { from: at(0), to: at(10) }, now: at(600) } as const;
    const tally = createTally(request, [], 2);
    tally.add({ from: at(0), to: at(10) }, [0, 2, 4, 6, 8].map(candleAt));
    const { gapCount, gaps, missing, coverage } = tally.certificate();
    expect({ gapCount, missing, coverage }).toEqual({ gapCount: 5, missing: 5, coverage: '0.500000' });
    expect(gaps.map(({ from }) => from)).toEqual([toIso(at(1)), toIso(at(3))]);
  });
});
