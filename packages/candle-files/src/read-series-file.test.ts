import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS, isSeriesKey, toIso } from '@candlecast/domain';
import { hasTestData, testDataDir } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSeriesFile, type SeriesRow } from './read-series-file.ts';
import { SERIES_FILES } from './series-files.ts';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'series-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function read(path: string): Promise<SeriesRow[]> {
  const rows: SeriesRow[] = [];
  for await (const row of readSeriesFile(path)) rows.push(row);
  return rows;
}
async function readText(name: string, text: string): Promise<SeriesRow[]> {
  await writeFile(join(dir, name), text);
  return read(join(dir, name));
}

describe('a file of daily values', () => {
  it('gives each value the moment from which it counts', async () => {
    const [row] = await readText('fear_greed.csv', 'date,fng\n2018-02-01,30\n');
    expect(row).toEqual({
      kind: 'point',
      line: 2,
      point: { key: 'fear_greed', eventTime: Date.UTC(2018, 1, 1), knownAt: Date.UTC(2018, 1, 1, 1), value: '30' },
    });
    const both = await readText('funding_rates.csv', 'date,funding_mean,funding_abs\n2019-09-10,-1e-04,1e-04\n');
    expect(both.map((one) => one.kind === 'point' && [one.point.key, one.point.value, toIso(one.point.knownAt)])).toEqual([
      ['funding.mean', '-0.0001', '2019-09-11T00:00:00.000Z'],
      ['funding.abs', '0.0001', '2019-09-11T00:00:00.000Z'],
    ]);
  });

  it('refuses what breaks a rule, by the name of the rule, and reads on', async () => {
    const rows = await readText(
      'fear_greed.csv',
      [
        ...['date,fng', '2018-02-01,30', '2018-02-02', '2018-02-30,5', '02/03/2018,5', '2018-02-01,31'],
        ...['2018-02-04,', '2018-02-05,high', '2018-02-06,101', '2018-02-07,-1', '2018-02-08,40'],
      ].join('\n'),
    );
    expect(rows.map((row) => (row.kind === 'refused' ? row.reason : row.point.value))).toEqual([
      ...['30', 'column_count', 'day', 'day', 'day_order', 'value_missing', 'value', 'value_out_of_bounds', 'value_out_of_bounds', '40'],
    ]);
    expect(rows[1]).toMatchObject({ line: 3, text: '2018-02-02' });
  });

  it('is refused when its name or its header is not known', async () => {
    await expect(readText('rain.csv', 'date,rain\n')).rejects.toThrow('file "rain.csv" is not one whose columns');
    await expect(readText('vix.csv', 'date,close\n2018-02-01,30\n')).rejects.toMatchObject({ code: 'series_file_unknown' });
  });

  it.skipIf(!hasTestData()).each(SERIES_FILES)('of $name is read to its end', async ({ name, knownAfterMs, columns }) => {
    const rows = await read(join(testDataDir(), 'external', `${name}.csv.gz`));
    const points = rows.flatMap((row) => (row.kind === 'point' ? row.point : []));
    expect(points.length).toBeGreaterThan(1_400);
    expect(knownAfterMs).toBeGreaterThanOrEqual(HOUR_MS);
    expect(points.every(({ eventTime, knownAt }) => knownAt === eventTime + knownAfterMs)).toBe(true);
    expect(new Set(points.map(({ key }) => key))).toEqual(new Set(columns.map(({ key }) => key)));
    expect(columns.every(({ key }) => isSeriesKey(key))).toBe(true);
    const reasons = new Set(rows.flatMap((row) => (row.kind === 'refused' ? row.reason : [])));
    expect([...reasons].filter((reason) => reason !== 'value_missing')).toEqual([]);
  });
});
