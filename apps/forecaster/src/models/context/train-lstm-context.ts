import { AppError, addMs, type EpochMs, QUANTILE_LEVELS } from '@candlecast/domain';
import { type ScaledPart, toScaledPart } from '../../champion/clipped-share.ts';
import { asOfRow, buildDataSet, type DataSet } from '../../dataset/data-set.ts';
import type { NamedBars } from '../../dataset/named-bars.ts';
import { planFolds, toFold } from '../../evaluate/folds.ts';
import { BAR_FEATURE_SCHEMA, contextColumns, SEQUENCE_COLUMNS } from '../../features/bar-schema.ts';
import { LIVE_BARS, SERVED_PLACES } from '../../features/live-bars.ts';
import { CONTEXT_INPUT_LAYOUT, openContextSession, toContextInput } from '../../onnx/context-session.ts';
import { exportLstmContext, type LstmContextWeights } from '../../onnx/export-lstm-context.ts';
import type { TrainedModel, TrainingProgress } from '../estimator.ts';
import { lstmContext } from '../ladder/ladder.ts';
import type { TrainingRows } from '../ladder/ladder-model.ts';
import type { NetModel, NetPredictor, NetSettings } from '../nets/quantile-net.ts';
import { CONTEXT_LIMIT, SEQUENCE_LIMIT } from '../nets/train-net.ts';

/** Largest difference between the trainer's and the runtime's quantiles, in sigmas, with which a model may be published. */
const PARITY_TOLERANCE = 1e-5;
const PARITY_WINDOWS = 256;
const LEVELS = QUANTILE_LEVELS.length;

/**
 * Trains the laboratory's LSTM with context from scratch on the pooled bars of several instruments: validated on the newest quarter of its origins,
 * 30 to 120 days, with a day between that and what it learns from. The same bars and seed give the same file. Throws `history_too_short` where
 * there are too few windows, and `onnx_parity` when the exported model would say something else than the trained one.
 */
export async function trainLstmContext(
  bars: readonly NamedBars[],
  seed: number,
  onProgress: (progress: TrainingProgress) => void,
  model: NetModel = lstmContext,
): Promise<TrainedModel> {
  const startedAt = performance.now();
  const set = buildDataSet(
    bars.map(({ series }) => series),
    LIVE_BARS,
  );
  const rows = splitRows(set);
  const { epochs, seeds } = model.settings as NetSettings;
  const predictor = await model.fit(set, rows, seed, ({ seed: own, epoch, validationLoss, baselineLoss }) =>
    onProgress({ epoch: (own - seed) * epochs + epoch, epochs: epochs * seeds, validationLoss, baselineLoss }),
  );
  const file = exportLstmContext(
    {
      networks: predictor.trained.weights as unknown as LstmContextWeights[],
      steps: LIVE_BARS.lookback,
      horizons: LIVE_BARS.horizons.length,
      context: { scaler: predictor.trained.scalers.context, limit: CONTEXT_LIMIT },
      sequence: { scaler: predictor.trained.scalers.sequence, limit: SEQUENCE_LIMIT },
    },
    toMetadata(),
  );
  const parity = await checkParity(set, rows.validation, predictor, file);
  const longestMs = Math.max(...LIVE_BARS.horizonBars) * LIVE_BARS.stepMs;
  return {
    name: lstmContext.name,
    kind: 'LSTM',
    file,
    fileName: 'model.onnx',
    trainedFrom: addMs(asOfRow(set, rows.training[0] ?? 0), -LIVE_BARS.warmup * LIVE_BARS.stepMs),
    // Through the last outcome that had a say: early stopping looked at the validation windows'.
    trainedThrough: addMs(lastAsOf(set, rows.validation), longestMs),
    featureSchema: BAR_FEATURE_SCHEMA,
    card: {
      description: model.description,
      horizons: LIVE_BARS.horizons,
      levels: QUANTILE_LEVELS,
      interval: LIVE_BARS.interval,
      input: CONTEXT_INPUT_LAYOUT,
      scaled: toScaledParts(predictor.trained.scalers),
      // Those that the market is told of; the first is the leader where BTCUSDT is not among them.
      basket: bars.map(({ instrumentId }) => instrumentId),
      settings: { ...(model.settings as NetSettings), interval: LIVE_BARS.interval },
      windows: { training: rows.training.length, validation: rows.validation.length },
      ...toLosses(predictor),
      parity,
      trainingMs: Math.round(performance.now() - startedAt),
    },
  };
}

function toScaledParts({ context, sequence }: NetPredictor['trained']['scalers']): readonly ScaledPart[] {
  const { x } = CONTEXT_INPUT_LAYOUT;
  return [toScaledPart(0, x.offset, context), toScaledPart(x.offset, x.shape[0] * x.shape[1], sequence)];
}

function splitRows(set: DataSet): TrainingRows {
  const origins = Uint32Array.from(set.origins, (_, row) => row).filter((row) => set.origins[row] === 1);
  if (origins.length === 0) throw new AppError('history_too_short', `${set.series.length} instruments have no window to train on`);
  const from = origins.reduce((earliest, row) => Math.min(earliest, asOfRow(set, row)), Number.POSITIVE_INFINITY) as EpochMs;
  const end = addMs(set.series[0]?.firstOpenTime ?? from, set.bars * LIVE_BARS.stepMs);
  const [plan] = planFolds({ from: end, to: addMs(end, 1) }, from, 0);
  if (!plan) throw new AppError('history_too_short', 'there is nothing to train on');
  return toFold(set, plan, from, []).rows;
}

function lastAsOf(set: DataSet, rows: Uint32Array): EpochMs {
  return rows.reduce((latest, row) => Math.max(latest, asOfRow(set, row)), 0) as EpochMs;
}

async function checkParity(set: DataSet, validation: Uint32Array, predictor: NetPredictor, file: Uint8Array) {
  const step = Math.max(1, Math.floor(validation.length / PARITY_WINDOWS));
  const wanted = validation.filter((_, index) => index % step === 0).slice(0, PARITY_WINDOWS);
  const expected = predictor.predict(set, wanted);
  const session = await openContextSession(file);
  try {
    const grids = await session.run([...wanted].map((row) => inputOf(set, row)));
    let largestDifference = 0;
    const horizons = LIVE_BARS.horizons.length;
    grids.forEach((grid, index) => {
      SERVED_PLACES.forEach((place, horizon) => {
        const sigma = set.sigmas[(wanted[index] as number) * horizons + horizon] as number;
        for (let level = 0; level < LEVELS; level++) {
          const said = expected[(index * horizons + horizon) * LEVELS + level] as number;
          const difference = Math.abs((grid[place * LEVELS + level] as number) - said) / sigma;
          // What is not a number is no parity either.
          largestDifference = Math.max(largestDifference, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
        }
      });
    });
    if (!(largestDifference <= PARITY_TOLERANCE))
      throw new AppError(
        'onnx_parity',
        `the exported model is ${largestDifference} sigmas off the trained one, more than ${PARITY_TOLERANCE}`,
      );
    return { windows: wanted.length, largestDifference };
  } finally {
    await session.release();
  }
}

/** Returns a row of a data set as serving would give it. */
export function inputOf(set: DataSet, row: number): Float32Array {
  const columns = contextColumns(LIVE_BARS).length;
  const [inputs, horizons] = [SEQUENCE_COLUMNS.length, LIVE_BARS.horizons.length];
  return toContextInput(
    set.context.subarray(row * columns, (row + 1) * columns),
    set.sequence.subarray((row - LIVE_BARS.lookback + 1) * inputs, (row + 1) * inputs),
    set.sigmas.subarray(row * horizons, (row + 1) * horizons),
  );
}

function toLosses({ card }: NetPredictor): Record<string, unknown> {
  const nets = card.nets as readonly { baselineLoss: number; validationLoss: number; bestEpoch: number }[];
  const mean = (pick: (net: (typeof nets)[number]) => number) => nets.reduce((sum, net) => sum + pick(net), 0) / nets.length;
  return {
    loss: { baseline: mean(({ baselineLoss }) => baselineLoss), validation: mean(({ validationLoss }) => validationLoss) },
    bestEpoch: mean(({ bestEpoch }) => bestEpoch),
  };
}

function toMetadata(): Record<string, string> {
  return {
    feature_schema: String(BAR_FEATURE_SCHEMA),
    interval: LIVE_BARS.interval,
    context: contextColumns(LIVE_BARS).join(','),
    sequence: SEQUENCE_COLUMNS.join(','),
    horizons: LIVE_BARS.horizons.join(','),
    levels: QUANTILE_LEVELS.join(','),
    output: 'quantiles of ln(price at target / price at asOf)',
  };
}
