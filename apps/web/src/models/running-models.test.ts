import { describe, expect, it } from 'vitest';
import type { ChampionChange, JobFields, RunFields } from '../graphql/documents/models.ts';
import { depthOf, issueCadence, retrainingOf, toRunningModels } from './running-models.ts';

const MODEL = { id: '7', name: 'lstm', kind: 'LSTM', version: '2' } as const;
const EWMA = { id: '1', name: 'ewma-normal', kind: 'BASELINE', version: '1' } as const;

function change(horizon: string, at: string, model: typeof MODEL | typeof EWMA = MODEL): ChampionChange {
  const rest = { id: at, champion: model.name, former: null, reason: 'INSTALLED', decidedBy: 'rule' } as const;
  return { ...rest, figures: [], horizon, at, model: { ...model, trainedThrough: null } };
}

describe('running models', () => {
  it('are the newest champion of each horizon, the shortest first', () => {
    const changes = [change('1h', '3', EWMA), change('1h', '2'), change('30m', '1')];
    expect(toRunningModels({ changes, shown: undefined }).map(({ horizon, model, since }) => [horizon, model.name, since])).toEqual([
      ['30m', 'lstm', '1'],
      ['1h', 'ewma-normal', '3'],
    ]);
  });

  it('are what is shown first where nobody has become champion', () => {
    const shown = { model: EWMA, horizons: ['12h', '1h'] };
    expect(
      toRunningModels({ changes: [change('1h', '2')], shown }).map(({ horizon, model, since }) => [horizon, model.name, since]),
    ).toEqual([
      ['1h', 'lstm', '2'],
      ['12h', 'ewma-normal', null],
    ]);
    expect(toRunningModels({ changes: [], shown: { model: null, horizons: [] } })).toEqual([]);
  });

  it.each([
    [
      [
        { name: 'layers', value: '1' },
        { name: 'units', value: '64' },
      ],
      '1 layer, 64 units',
    ],
    [[{ name: 'layers', value: '2' }], '2 layers'],
    [[], '–'],
  ])('are as deep as their training says: %j', (parameters, text) => {
    expect(depthOf('7', [{ model: MODEL, parameters } as unknown as RunFields])).toBe(text);
    expect(depthOf('8', [{ model: MODEL, parameters } as unknown as RunFields])).toBe('–');
  });

  it('are made anew by the scheduled job, baselines never', () => {
    const jobs = [
      { kind: 'retrain', cadence: null, id: 'once' },
      { kind: 'retrain', cadence: 'MONTHLY', id: 'each month' },
    ] as JobFields[];
    expect(retrainingOf('LSTM', jobs)?.id).toBe('each month');
    expect(retrainingOf('BASELINE', jobs)).toBeUndefined();
  });

  it('speak each minute up to two hours, then each quarter', () => {
    expect(['2h', '4h'].map(issueCadence)).toEqual(['every minute', 'every 15 minutes']);
  });
});
