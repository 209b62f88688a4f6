import type { LadderModel } from './ladder-model.ts';
import { type LevelNetSettings, levelNet } from './level-net.ts';

const MINUTE: Omit<LevelNetSettings, 'outputs' | 'isEngineered'> = {
  layers: [50],
  lookback: 60,
  every: 'bar',
  scaling: 'deviation',
  epochs: 2,
  windows: 20_000,
};

/** The LSTMs of published projects as rows of the ladder; `forecast:reference` runs them by their own protocols. */
export const PUBLISHED_NETS: readonly LadderModel[] = [
  levelNet('s0-lstm-50-50', 'LSTM 50-50 of S0 on prices scaled to 0..1, lookback 24; its next price over all horizons', {
    layers: [50, 50],
    lookback: 24,
    every: 'bar',
    outputs: 'next',
    scaling: 'extremes',
    isEngineered: false,
    epochs: 2,
    windows: 20_000,
  }),
  ...(['next', 'each'] as const).flatMap((outputs) =>
    [false, true].map((isEngineered) =>
      levelNet(
        `s2-lstm-${outputs === 'next' ? 'single' : 'multi'}-${isEngineered ? 'engineered' : 'raw'}`,
        `LSTM of S2, 50 units, lookback 60, ${outputs === 'next' ? 'one output: its next price over all horizons' : 'one output for each horizon'}, on standardised prices${isEngineered ? ' with return, range and volume' : ''}`,
        { ...MINUTE, outputs, isEngineered },
      ),
    ),
  ),
  levelNet(
    's3-lstm-350',
    'LSTM of S3, 350 units on 14 daily prices scaled to 0..1, the price a day later; the last price over shorter horizons',
    {
      layers: [350],
      lookback: 14,
      every: 'day',
      outputs: 'next',
      scaling: 'extremes',
      isEngineered: false,
      epochs: 3,
      windows: 6_000,
    },
  ),
];
