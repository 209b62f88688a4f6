import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { EpochMs, ExternalWriter } from '@candlecast/domain';
import { createDatabase, createExternalReader, createExternalWriter, type Database } from '@candlecast/store';
import { createTestDatabase, hasTestData, testDataDir } from '@candlecast/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planSeriesImport } from './plan-series-import.ts';
import { outcomeLine, summaryLine } from './print-series-import.ts';
import { runSeriesImport, type SeriesOutcome } from './run-series-import.ts';

const NOW = Date.UTC(2026, 0, 1) as EpochMs;
let dir: string;
let database: Database;
let close: () => Promise<void>;
let outcomes: SeriesOutcome[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'series-import-'));
  const created = await createTestDatabase();
  database = await createDatabase({ url: created.url, applicationName: 'test', poolSize: 2 });
  close = async () => {
    await database.close();
    await created.drop();
  };
});
afterAll(async () => {
  await close();
  await rm(dir, { recursive: true });
});
beforeEach(() => {
  outcomes = [];
});

const importAll = (paths: readonly string[], over: { writer?: ExternalWriter; now?: EpochMs; signal?: AbortSignal } = {}) =>
  runSeriesImport(paths, {
    writer: createExternalWriter(database),
    now: NOW,
    signal: new AbortController().signal,
    onValues: () => undefined,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...over,
  });
const find = (key: string, knownAt: EpochMs) =>
  createExternalReader(database).findPoints({ key, range: { from: 0 as EpochMs, to: NOW }, knownAt, limit: 5_000, take: 'oldest' });

describe('the import of series', () => {
  it.skipIf(!hasTestData())('stores every value of the recorded files once, however often it runs', async () => {
    const paths = await planSeriesImport([join(testDataDir(), 'external')]);
    expect(paths).toHaveLength(7);
    await importAll(paths);
    const lines = outcomes.map(outcomeLine);
    expect(lines).toContain('fear_greed.csv.gz: 2004 values; new 2004, known 0');
    expect(lines).toContain('difficulty.csv.gz: 5323 values; new 5323, known 0');
    expect(lines.find((line) => line.startsWith('dxy'))).toMatch(
      /^dxy\.csv\.gz: \d+ values; new \d+, known 0; refused \d+ \(value_missing \d+\)$/,
    );
    const first = summaryLine(outcomes, paths.length);
    expect(first).toMatch(/^7 of 7 files, \d{5} new values$/);
    const before = await find('funding.mean', NOW);
    expect(before).toHaveLength(1_421);
    outcomes = [];
    await importAll(paths);
    expect(summaryLine(outcomes, paths.length)).toBe('7 of 7 files, 0 new values');
    expect(await find('funding.mean', NOW)).toEqual(before);
    // A day's funding counts from the end of the day.
    const day = Date.UTC(2020, 0, 5);
    expect((await find('funding.mean', day as EpochMs)).at(-1)?.eventTime).toBe(Date.UTC(2020, 0, 4));
    expect((await find('funding.mean', (day - 1) as EpochMs)).at(-1)?.eventTime).toBe(Date.UTC(2020, 0, 3));
  });

  it('goes on where it was stopped', async () => {
    const path = join(dir, 'vix.csv');
    const days = Array.from({ length: 2_500 }, (_, day) => `${new Date(Date.UTC(1990, 0, 1 + day)).toISOString().slice(0, 10)},20.5`);
    await writeFile(path, ['date,vix', ...days].join('\n'));
    const stop = new AbortController();
    const real = createExternalWriter(database);
    const writer: ExternalWriter = {
      async storePoints(points) {
        const stored = await real.storePoints(points);
        stop.abort();
        return stored;
      },
    };
    await importAll([path, path], { writer, signal: stop.signal });
    expect(outcomes).toMatchObject([{ values: 1_000, stored: 1_000 }]);
    outcomes = [];
    await importAll([path]);
    expect(outcomes).toMatchObject([{ values: 2_500, stored: 1_500, known: 1_000, refusals: {} }]);
  });

  it('refuses what breaks a rule or could not be known yet, and counts it', async () => {
    const path = join(dir, 'fear_greed.csv');
    await writeFile(path, 'date,fng\n2018-02-01,30\n2018-02-02,300\n2018-02-03,x\n2018-02-04,40\n2018-02-05,50\n');
    await importAll([path], { now: Date.UTC(2018, 1, 5, 0, 59) as EpochMs });
    expect(outcomes).toMatchObject([{ values: 2, refusals: { value_out_of_bounds: 1, value: 1, not_known_yet: 1 } }]);
    expect(outcomeLine(outcomes[0] as SeriesOutcome)).toMatch(/; refused 3 \(value_out_of_bounds 1, value 1, not_known_yet 1\)$/);
  });

  it('refuses what it does not know', async () => {
    await expect(planSeriesImport([])).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(planSeriesImport([join(dir, 'nothing')])).rejects.toMatchObject({ code: 'series_file_unreadable' });
    await expect(planSeriesImport([import.meta.filename])).rejects.toThrow(
      `"${basename(import.meta.filename)}" is not one of fear_greed, vix`,
    );
    await expect(planSeriesImport([import.meta.dirname])).rejects.toMatchObject({ code: 'series_file_unknown' });
  });
});
