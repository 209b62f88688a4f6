import { loadMinutes, type MinuteProtocol, runMinuteChampion, runMinuteLevels } from './minute-levels.ts';
import type { ReferenceOptions } from './reference-options.ts';
import type { ReferenceRow, ReferenceRun } from './reference-run.ts';

const SHOWN = ['n', 'MSE', 'MAE'];
const MANY = 5;
const RECIPE = { units: 50, lookback: 60, trainingShare: 0.9, scaling: 'deviation' } as const;

/** S2: BTC by the minute, standardised closes, single and multiple outputs on raw and engineered features. */
export async function runS2(options: ReferenceOptions): Promise<ReferenceRun> {
  const minutes = await loadMinutes(options.dir);
  const rows: ReferenceRow[] = [
    { name: 'published, last price (validation)', values: { MSE: '9.224e-6', MAE: '0.0020' } },
    { name: 'published, LSTM (validation)', values: { MSE: '9.150e-5', MAE: '0.0044' } },
  ];
  for (const outputs of [1, MANY]) {
    for (const isEngineered of [false, true]) {
      const name = `LSTM, ${outputs === 1 ? 'single' : `${MANY} outputs`}, ${isEngineered ? 'engineered' : 'raw'}`;
      const protocol: MinuteProtocol = { ...RECIPE, name, outputs, isEngineered };
      rows.push(...(await runMinuteLevels(minutes, options, protocol, SHOWN)));
    }
  }
  rows.push(...(await runMinuteChampion(minutes, options, RECIPE, SHOWN)));
  return {
    name: 'S2: BTC by the minute',
    protocol: `LSTM of 50 units on standardised closes, lookback 60, 90 % training; ${options.epochs} epochs. Lines named "on its training rows" are training errors, the others validation.`,
    window: 'not the published window: BTC, May and June 2021, the last tenth',
    metrics: SHOWN,
    rows,
    notes: [
      'Our model forecasts every fifth minute; the last price stands beside it at the same origins.',
      'Errors are of standardised prices: compare within this table and by ratio to the last price, not with the published numbers.',
    ],
  };
}
