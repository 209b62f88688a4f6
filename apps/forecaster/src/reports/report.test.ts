import { DAY_MS, type EpochMs } from '@candlecast/domain';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDataSet } from '../dataset/data-set.ts';
import { buildReport } from '../evaluate/build-report.ts';
import { planFolds, toFold } from '../evaluate/folds.ts';
import type { EvaluationReport } from '../evaluate/report.ts';
import { barSchema } from '../features/bar-schema.ts';
import { ewmaNormal } from '../models/ladder/ewma.ts';
import { LADDER } from '../models/ladder/ladder.ts';
import { randomBars } from '../testing/random-bars.ts';
import { WALK_START } from '../testing/random-walk.ts';
import { barSection } from './bar-section.ts';
import { toMarkdown } from './markdown.ts';

const set = buildDataSet(randomBars({ bars: 2_400 }), barSchema('1h'));
const day = (days: number) => (WALK_START + days * DAY_MS) as EpochMs;
const folds = planFolds({ from: day(80), to: day(98) }, day(34), 0).map((plan) => toFold(set, plan, day(34), ['BTCUSDT']));
/** Bands of the reference times this; whoever is not named says what the reference says. */
const WIDTHS: Readonly<Record<string, number>> = { 'lstm-context': 3, 'har-s': 0.98 };

describe('a report', () => {
  let report: EvaluationReport;
  let cells: (text: string) => string[];

  beforeAll(async () => {
    const fits = new Map(LADDER.map(({ name }) => [name, [] as { quantiles: Float32Array; card: object }[]]));
    for (const { rows, test } of folds) {
      const said = (await ewmaNormal.fit(set, rows, 1)).predict(set, test);
      for (const [name, kept] of fits) kept.push({ quantiles: said.map((value) => value * (WIDTHS[name] ?? 1)), card: {} });
    }
    report = await buildReport({
      command: 'a command',
      seed: 1,
      data: { hash: '', files: [], symbols: ['BTCUSDT'], interval: '1h' },
      set,
      folds,
      tested: ['BTCUSDT'],
      fits: fits as Parameters<typeof buildReport>[0]['fits'],
      ablations: [],
      trials: new Map(),
    });
    const lines = barSection(report).join('\n').split('\n');
    cells = (text) =>
      lines
        .find((line) => line.includes(text))
        ?.split(' | ')
        .slice(1) ?? [];
  }, 60_000);

  it('says what is missed, and asks nothing beyond the horizons that a claim is made for', () => {
    const said = cells('lstm-context not below HAR-S');
    expect(said).toHaveLength(6);
    for (const cell of said.slice(0, 3)) expect(cell).toContain('**missed**');
    for (const cell of said.slice(3)) expect(cell).toContain('not asked');
    expect(cells('Skill of the ensemble')[0]).toContain('**missed**');
  });

  it('says what is met', () => {
    const same = {
      ...report,
      models: report.models.map((model) => (model.name === 'ensemble' ? { ...model, symbols: harS(report) } : model)),
    };
    const line = barSection(same).join('\n').split('\n');
    expect(line.find((text) => text.includes('ensemble not below HAR-S'))?.match(/\bmet\b/g)).toHaveLength(6);
  });

  it('tells what each member of the ensemble is worth to it', () => {
    const { without } = report.ensemble.BTCUSDT as EvaluationReport['ensemble'][string];
    expect(Object.keys(without)).toEqual(['linear-quantile', 'mlp', 'lstm', 'lstm-context', 'har-s', 'both LSTMs']);
    expect(without['lstm-context']?.[0]?.z).toBeLessThan(-1.5);
    expect(without.mlp?.[0]?.z).toBeGreaterThan(0);
    expect(toMarkdown(report, [])).toContain('worth of lstm-context');
  });
});

function harS({ models }: EvaluationReport): EvaluationReport['models'][number]['symbols'] {
  return models.find(({ name }) => name === 'har-s')?.symbols ?? {};
}
