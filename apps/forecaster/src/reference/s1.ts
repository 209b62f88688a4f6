import { loadMinutes, runMinuteChampion, runMinuteLevels } from './minute-levels.ts';
import type { ReferenceOptions } from './reference-options.ts';
import type { ReferenceRun } from './reference-run.ts';

const SHOWN = ['n', 'MSE', 'MAE', 'R² (misleading)'];

/** S1: a minute project that retrains itself; its architecture alone, for it publishes no figure. */
export async function runS1(options: ReferenceOptions): Promise<ReferenceRun> {
  const protocol = {
    name: 'its architecture, run here',
    units: 50,
    lookback: 60,
    outputs: 1,
    isEngineered: false,
    trainingShare: 0.8,
    scaling: 'extremes',
  } as const;
  const minutes = await loadMinutes(options.dir);
  return {
    name: 'S1: minute project on a stream',
    protocol: `LSTM of ${protocol.units} units on closes scaled to 0..1, lookback ${protocol.lookback}, the next minute; ${options.epochs} epochs.`,
    window: 'not the published window: BTC, May and June 2021, the last fifth',
    metrics: SHOWN,
    rows: [
      { name: 'published', values: {} },
      ...(await runMinuteLevels(minutes, options, protocol, SHOWN)),
      ...(await runMinuteChampion(minutes, options, protocol, SHOWN)),
    ],
    notes: ['Our model forecasts every fifth minute; the last price stands beside it at the same origins.'],
  };
}
