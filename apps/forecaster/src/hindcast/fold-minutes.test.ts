import { MINUTE_MS } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { randomBars, withGap } from '../testing/random-bars.ts';
import { WALK_START } from '../testing/random-walk.ts';
import { foldMinutes } from './fold-minutes.ts';

const [minutes] = randomBars({ bars: 100, symbols: ['BTCUSDT'], stepMs: MINUTE_MS });
if (!minutes) throw new Error('no series');

describe('foldMinutes', () => {
  it.each([0, 1, 7, 14])('makes bars that close at phase %i, of all their minutes', (phase) => {
    const bars = foldMinutes(minutes, 15, phase);
    expect(((bars.firstOpenTime - WALK_START) / MINUTE_MS) % 15).toBe(phase);
    expect(bars.length).toBe(Math.floor((100 - phase) / 15));
    for (let row = 0; row < bars.length; row++) {
      const [from, to] = [phase + 15 * row, phase + 15 * (row + 1)];
      const part = (name: 'logHigh' | 'logLow' | 'baseVolume') => [...minutes.columns[name].subarray(from, to)];
      expect(bars.columns.logClose[row]).toBe(minutes.columns.logClose[to - 1]);
      expect(bars.columns.logHigh[row]).toBe(Math.max(...part('logHigh')));
      expect(bars.columns.logLow[row]).toBe(Math.min(...part('logLow')));
      expect(bars.columns.baseVolume[row]).toBeCloseTo(
        part('baseVolume').reduce((sum, value) => sum + value, 0),
        6,
      );
    }
  });

  it('leaves out a bar of which a minute is missing', () => {
    const [gapped] = withGap([minutes], 0, [20]);
    if (!gapped) throw new Error('no series');
    const { columns } = foldMinutes(gapped, 15, 0);
    expect([...columns.logClose].map(Number.isNaN)).toEqual([false, true, false, false, false, false]);
    expect(Number.isNaN(columns.baseVolume[1])).toBe(true);
  });
});
