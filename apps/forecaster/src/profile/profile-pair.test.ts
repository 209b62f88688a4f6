import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, HOUR_MS } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import type { BarSeries } from '../features/bar.ts';
import { barSchema } from '../features/bar-schema.ts';
import { randomBars, withGap } from '../testing/random-bars.ts';
import { WALK_START } from '../testing/random-walk.ts';
import { compare, profilePair } from './profile-pair.ts';
import { writeProfile } from './write-profile.ts';

const schema = barSchema('1h');
const whole = randomBars({ bars: 2_400, symbols: ['BTCUSDT'], swing: 0.9 });
const [gapped] = withGap(whole, 0, [100, 101, 102, 500]) as [BarSeries];

describe('profilePair', () => {
  const profile = profilePair(gapped, schema);

  it('finds what is missing', () => {
    expect(profile.bars).toBe(2_396);
    expect(profile.missingRuns).toEqual([
      { from: WALK_START + 100 * HOUR_MS, bars: 3 },
      { from: WALK_START + 500 * HOUR_MS, bars: 1 },
    ]);
    expect(profile.days[4]).toMatchObject({ day: WALK_START + 4 * DAY_MS, missingBars: 3 });
    const untold = { ...gapped, columns: { ...gapped.columns, tradeCount: new Float64Array(2_400).fill(Number.NaN) } };
    expect(profilePair(untold, schema).missingValues).toMatchObject({ tradeCount: 2_396, baseVolume: 0 });
  });

  it('sums volume and takes the last close of each UTC day', () => {
    const { logClose, baseVolume } = gapped.columns;
    expect(profile.days).toHaveLength(100);
    expect(profile.days[1]?.close).toBeCloseTo(Math.exp(logClose[47] ?? 0), 6);
    expect(profile.days[1]?.baseVolume).toBeCloseTo(
      baseVolume.subarray(24, 48).reduce((sum, one) => sum + one, 0),
      6,
    );
  });

  it('finds the hours that move most, and parts that add up to the price', () => {
    expect(profile.hours.indexOf(Math.max(...profile.hours))).toBeGreaterThanOrEqual(4);
    expect(profile.hours.indexOf(Math.max(...profile.hours))).toBeLessThanOrEqual(8);
    const { trend, weekdays, rest } = profile.decomposition;
    const weekday = new Date(profile.days[50]?.day ?? 0).getUTCDay();
    expect((trend[50] ?? 0) + (weekdays[weekday] ?? 0) + (rest[50] ?? 0)).toBeCloseTo(Math.log(profile.days[50]?.close ?? 0), 9);
  });

  it('is written as Markdown, JSON and plots', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'profile-'));
    try {
      const text = await readFile(await writeProfile(dir, profile), 'utf8');
      expect(text).toContain('4 missing in 2 runs');
      expect(JSON.parse(await readFile(join(dir, 'BTCUSDT.json'), 'utf8'))).toMatchObject({ symbol: 'BTCUSDT', bars: 2_396 });
      for (const [, name] of text.matchAll(/!\[.*\]\((.*)\)/g)) expect(await readFile(join(dir, name ?? ''), 'utf8')).toMatch(/^<svg/);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describe('compare', () => {
  const sample = (shift: number) => Float64Array.from({ length: 500 }, (_, index) => index / 500 + shift);

  it('tells a distribution that moved from one that did not', () => {
    expect(compare(sample(0), sample(0))).toEqual({ stability: 0, distance: 0 });
    const moved = compare(sample(0), sample(0.3));
    expect(moved.stability).toBeGreaterThan(0.25);
    expect(moved.distance).toBeCloseTo(0.3, 2);
  });
});
