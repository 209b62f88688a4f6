import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, type EpochMs } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDataSet } from '../dataset/data-set.ts';
import { barSchema } from '../features/bar-schema.ts';
import { persistence } from '../models/ladder/persistence.ts';
import { randomBars } from '../testing/random-bars.ts';
import { WALK_START } from '../testing/random-walk.ts';
import { buildReport } from './build-report.ts';
import type { FitTask } from './fit-protocol.ts';
import { planFolds, toFold } from './folds.ts';
import { createPredictionStore, type KeptFit } from './prediction-store.ts';
import { runFits } from './run-fits.ts';

const SCRIPT = new URL('./start-fit-worker.mjs', import.meta.url);
const set = buildDataSet(randomBars({ bars: 2_400 }), barSchema('1h'));
const day = (days: number) => (WALK_START + days * DAY_MS) as EpochMs;
const folds = planFolds({ from: day(80), to: day(98) }, day(34), 0).map((plan) => toFold(set, plan, day(34), ['BTCUSDT']));
const task = (model: string): FitTask => ({ model, fold: 0, withImportance: false });
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fits-'));
});
afterAll(() => rm(dir, { recursive: true }));

describe('runFits', () => {
  it('gives from its threads what fitting here gives, once for each task', async () => {
    const fitted = new Map<string, KeptFit>();
    await runFits(SCRIPT, { set, folds, seed: 1 }, ['persistence', 'ses', 'drift-30d'].map(task), 2, {
      async onFitted({ model }, fit) {
        expect(fitted.has(model)).toBe(false);
        fitted.set(model, fit);
      },
      onProgress: () => undefined,
    });
    expect([...fitted.keys()].sort()).toEqual(['drift-30d', 'persistence', 'ses']);
    const [fold] = folds;
    if (!fold) throw new Error('no fold');
    const here = (await persistence.fit(set, fold.rows, 1)).predict(set, fold.test);
    expect(fold.test.length).toBeGreaterThan(400);
    expect(fitted.get('persistence')?.quantiles).toEqual(here);
  });

  it('names the fit that failed and ends', async () => {
    const events = { onFitted: async () => undefined, onProgress: () => undefined };
    const failing = runFits(SCRIPT, { set, folds, seed: 1 }, [task('astrology')], 1, events);
    await expect(failing).rejects.toMatchObject({ code: 'fit_failed', message: expect.stringContaining('astrology') });
  });
});

describe('createPredictionStore', () => {
  it('finds a fit again by all that decided it, and none that was cut short', async () => {
    const store = createPredictionStore(dir);
    const key = { model: 'ses', fold: 1, facts: ['data', 3] };
    expect(await store.find(key)).toBeUndefined();
    await store.save(key, { quantiles: Float32Array.of(1.5, -2), card: { alpha: 0.9 } });
    expect(await store.find(key)).toEqual({ quantiles: Float32Array.of(1.5, -2), card: { alpha: 0.9 } });
    expect(await store.find({ ...key, facts: ['data', 4] })).toBeUndefined();
    await writeFile(join(dir, 'ses-fold2-0000000000000000.f32'), 'cut');
    expect(await store.find({ ...key, fold: 2 })).toBeUndefined();
  });
});

describe('buildReport', () => {
  it('refuses a ladder with a missing row, and names it', async () => {
    const report = buildReport({
      command: '',
      seed: 1,
      data: { hash: '', files: [], symbols: [], interval: '1h' },
      set,
      folds,
      tested: ['BTCUSDT'],
      fits: new Map(),
      ablations: [],
      trials: new Map(),
    });
    await expect(report).rejects.toMatchObject({ code: 'ladder_incomplete', message: expect.stringContaining('har-s') });
  });
});
