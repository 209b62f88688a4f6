import { join } from 'node:path';
import { readCandleFile } from '@candlecast/candle-files';
import { JOINT_LEVELS, MINUTE_MS, type PathKnot, reachOf, toWideningFactors, WIDENING_RULE } from '@candlecast/domain';
import { hasTestData, testDataDir } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { HORIZON_MINUTES } from '../features/feature-schema.ts';
import { createMinuteBuffer, type MinuteSeries, valueAt } from '../features/minute-series.ts';
import { toSigmas } from '../features/sigma.ts';
import { NORMAL_QUANTILES } from '../models/normal.ts';

const reason = hasTestData() ? '' : ' (skipped: TEST_DATA_DIR is not there)';
const FILE = 'BTCUSDT-1m-2022-01_2023-07.csv.gz';
const DAY_HOURS = 24;

describe('joint bands of recorded paths', { timeout: 240_000 }, () => {
  it.skipIf(!hasTestData())(`hold 80 and 90 % of whole paths, of which pointwise bands of 95 % lose a fifth or more${reason}`, async () => {
    const reaches = await recordedReaches();
    let [paths, pointwise] = [0, 0];
    const held = JOINT_LEVELS.map(() => 0);
    const window = WIDENING_RULE.windowDays * DAY_HOURS;
    for (let midnight = window; midnight < reaches.length; midnight += DAY_HOURS) {
      // A path that began less than a day ago is not over.
      const factors = toWideningFactors(reaches.slice(midnight - window, midnight - DAY_HOURS));
      if (!factors) continue;
      for (const reach of reaches.slice(midnight, midnight + DAY_HOURS).filter(Number.isFinite)) {
        paths += 1;
        pointwise += reach <= 1 ? 1 : 0;
        factors.forEach((factor, index) => {
          held[index] = (held[index] ?? 0) + (reach <= factor ? 1 : 0);
        });
      }
    }
    expect(paths).toBeGreaterThan(10_000);
    expect(pointwise / paths).toBeLessThan(0.8);
    expect(Math.abs((held[0] ?? 0) / paths - 0.8)).toBeLessThan(0.015);
    expect(Math.abs((held[1] ?? 0) / paths - 0.9)).toBeLessThan(0.015);
  });
});

/** How far each path that began on the hour went, in half widths of what the reference said. */
async function recordedReaches(): Promise<number[]> {
  const buffer = createMinuteBuffer(580 * DAY_HOURS * 60);
  for await (const row of readCandleFile(join(testDataDir(), 'klines', FILE))) if (row.kind === 'candle') buffer.put(row.candle);
  const series = buffer.series();
  const reaches: number[] = [];
  const first = 59 - ((series.firstOpenTime / MINUTE_MS) % 60);
  for (let end = first; end + DAY_HOURS * 60 < series.length; end += 60) reaches.push(reachOf(toKnots(series, end), toPath(series, end)));
  return reaches;
}

function toKnots(series: MinuteSeries, end: number): PathKnot[] {
  return [...toSigmas(series, end)].map((sigma, index) => {
    const minutes = HORIZON_MINUTES[index] ?? Number.NaN;
    return { minutes, slopes: NORMAL_QUANTILES.map((quantile) => (quantile * sigma) / Math.sqrt(minutes)) };
  });
}

function toPath({ logClose }: MinuteSeries, end: number): number[] {
  return Array.from({ length: DAY_HOURS }, (_, hour) => valueAt(logClose, end + 60 * (hour + 1)) - valueAt(logClose, end));
}
