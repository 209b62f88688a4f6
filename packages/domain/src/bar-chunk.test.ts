import { describe, expect, it } from 'vitest';
import { chunkMs, floorToChunk, isChunk } from './bar-chunk.ts';
import { INTERVALS } from './interval.ts';
import { addMs, toEpochMs } from './time.ts';

const SOME_TIME = toEpochMs(Date.parse('2022-01-31T12:34:56.789Z'));

describe('chunks of history', () => {
  it.each(INTERVALS)('of %s are whole chunks of 1m, each beginning where the one before ends', (interval) => {
    const from = floorToChunk(SOME_TIME, interval);
    expect(floorToChunk(from, '1m')).toBe(from);
    expect(from).toBeLessThanOrEqual(SOME_TIME);
    expect(floorToChunk(addMs(from, -1), interval)).toBe(addMs(from, -chunkMs(interval)));
    expect(isChunk({ from, to: addMs(from, chunkMs(interval)) }, interval)).toBe(true);
  });

  it('begin on whole hours of the UTC day at 1m', () => {
    expect(floorToChunk(SOME_TIME, '1m')).toBe(Date.parse('2022-01-31T08:00:00Z'));
  });

  it('are neither other ranges of the same length nor other lengths from the same start', () => {
    const from = floorToChunk(SOME_TIME, '5m');
    expect(isChunk({ from: addMs(from, 300_000), to: addMs(from, 300_000 + chunkMs('5m')) }, '5m')).toBe(false);
    expect(isChunk({ from, to: addMs(from, chunkMs('3m')) }, '5m')).toBe(false);
    expect(isChunk({ from, to: addMs(from, 2 * chunkMs('5m')) }, '5m')).toBe(false);
  });
});
