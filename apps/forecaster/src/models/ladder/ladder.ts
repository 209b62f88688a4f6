import { gruBody, linearBody, lstmBody, lstmContextBody, mlpBody, simpleRnnBody } from '../nets/bodies.ts';
import { type NetSettings, quantileNet } from '../nets/quantile-net.ts';
import { arima } from './arima.ts';
import { autoregression } from './autoregression.ts';
import { drift } from './drift.ts';
import { ewma94, ewmaNormal, fhs } from './ewma.ts';
import { garchNormal, garchT } from './garch.ts';
import { harPlain, harS } from './har.ts';
import { holt } from './holt.ts';
import type { LadderModel } from './ladder-model.ts';
import { linearSvm } from './linear-svm.ts';
import { logisticRegression } from './logistic-regression.ts';
import { persistence } from './persistence.ts';
import { PUBLISHED_NETS } from './published-nets.ts';
import { rollingQuantiles } from './rolling-quantiles.ts';
import { ses } from './ses.ts';

const LINEAR: NetSettings = { batch: 512, epochs: 12, learningRate: 7e-4, weightDecay: 1e-2, patience: 3, windows: 200_000, seeds: 1 };
const MLP: NetSettings = { batch: 512, epochs: 6, learningRate: 5e-4, weightDecay: 3e-2, patience: 2, windows: 150_000, seeds: 3 };
const RAW: NetSettings = { batch: 512, epochs: 5, learningRate: 1e-3, weightDecay: 3e-2, patience: 2, windows: 50_000, seeds: 1 };
const LSTM: NetSettings = { ...RAW, seeds: 2 };
/** Small steps: what is left to learn beside HAR-S is little. */
const CONTEXT: NetSettings = { ...LSTM, epochs: 8, patience: 3, learningRate: 1e-4, start: 'har-s' };

/** The LSTM that is served: over the sequence, joined with the context. */
export const lstmContext = quantileNet(
  'lstm-context',
  'LSTM of 24 units over the sequence, joined with the context; its quantile head begins at HAR-S',
  lstmContextBody(24, 0.2),
  CONTEXT,
);

/** The linear quantile regression, by which ablation is told: it trains in seconds. */
export const linearQuantile = quantileNet('linear-quantile', 'Linear quantile head on the context', linearBody, LINEAR);

/** Changes whenever what a model or a feature computes does: forecasts kept on disk count under the version they were made with. */
export const LADDER_VERSION = 2;

/** Every fitted row of the ladder, simplest first. The ensemble is made of their forecasts afterwards. */
export const LADDER: readonly LadderModel[] = [
  persistence,
  drift,
  ses,
  holt,
  autoregression(1),
  autoregression(24),
  arima,
  rollingQuantiles,
  ewmaNormal,
  ewma94,
  fhs,
  garchNormal,
  garchT,
  harPlain,
  harS,
  logisticRegression,
  linearSvm,
  ...PUBLISHED_NETS,
  linearQuantile,
  quantileNet('mlp', 'Feed-forward network of 48 and 24 units beside the context', mlpBody(24, 0.25), MLP),
  quantileNet('simple-rnn', 'Simple recurrent network of 24 units over the sequence', simpleRnnBody(24), { ...RAW, windows: 30_000 }),
  quantileNet('gru', 'GRU of 24 units over the sequence', gruBody(24), { ...RAW, windows: 20_000 }),
  quantileNet('lstm', 'LSTM of 32 units over the sequence alone', lstmBody(32), LSTM),
  lstmContext,
];

/** Why a row that one would look for is not in the ladder. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'gradient-boosting': 'no maintained library for Node runs without downloading or compiling native code at install time',
};

/** The rows whose spreads the ensemble averages. */
export const ENSEMBLE_MEMBERS = ['linear-quantile', 'mlp', 'lstm', 'lstm-context', 'har-s'] as const;
/** The members whose mean median is the ensemble's location. */
export const LOCATION_MEMBERS = ['linear-quantile', 'mlp', 'lstm', 'lstm-context'] as const;
