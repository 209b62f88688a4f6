import { AppError, addMs, type EpochMs, isDueAt, MINUTE_MS, QUANTILE_LEVELS, toIso } from '@candlecast/domain';
import { buildDataSet, type DataSet } from '../dataset/data-set.ts';
import type { BarSeries } from '../features/bar.ts';
import { harS } from '../models/ladder/har.ts';
import type { LadderModel, LadderPredictor } from '../models/ladder/ladder-model.ts';
import { toPUp } from '../models/p-up.ts';
import { foldMinutes } from './fold-minutes.ts';
import { HINDCAST_SCHEMA } from './hindcast-schema.ts';
import type { HindcastModelName, WalkedMoment, WalkTask } from './walk-protocol.ts';

const MODELS: Readonly<Record<HindcastModelName, LadderModel>> = { 'har-s': harS };

/** Fewer would fit a handful of days. */
const LEAST_ROWS = 1_000;
const SEED = 1;
const LEVELS = QUANTILE_LEVELS.length;
const BAR_MINUTES = HINDCAST_SCHEMA.stepMs / MINUTE_MS;

/**
 * Fits a model on the training series alone and lets it speak at the moments, in their order; a moment at which it cannot, for a minute of its bar is missing, is
 * left out. The same task gives the same answer. Throws `history_too_short` where there is too little to train on, and `look_ahead` for a moment
 * that does not lie after the end of the training.
 */
export async function walkModel({ model, training, serving, moments }: WalkTask): Promise<WalkedMoment[]> {
  const trainedThrough = endOf(training);
  const early = moments.find((asOf) => asOf <= trainedThrough);
  if (early !== undefined)
    throw new AppError('look_ahead', `${toIso(early)} does not lie after ${toIso(trainedThrough)}, where training ended`);
  const predictor = await fitModel(MODELS[model], training, trainedThrough);
  const walked: WalkedMoment[] = [];
  for (let phase = 0; phase < BAR_MINUTES; phase++) {
    const asOfs = moments.filter((asOf) => (asOf / MINUTE_MS) % BAR_MINUTES === phase);
    if (asOfs.length === 0) continue;
    const bars = serving.stepMs === HINDCAST_SCHEMA.stepMs ? serving : foldMinutes(serving, BAR_MINUTES, phase);
    walked.push(...speak(predictor, buildDataSet([bars], HINDCAST_SCHEMA), asOfs));
  }
  return walked.sort((a, b) => a.asOf - b.asOf);
}

/** Rows whose outcomes reach beyond the series are no training rows: a data set marks none. */
async function fitModel(model: LadderModel, training: BarSeries, cutoff: EpochMs): Promise<LadderPredictor> {
  const set = buildDataSet([training], HINDCAST_SCHEMA);
  const rows = Uint32Array.from([...set.origins.keys()].filter((row) => set.origins[row] === 1));
  if (rows.length < LEAST_ROWS)
    throw new AppError(
      'history_too_short',
      `${training.symbol} has ${rows.length} whole windows up to ${toIso(cutoff)}, and needs ${LEAST_ROWS}`,
    );
  return model.fit(set, { training: rows, validation: new Uint32Array(), cutoff }, SEED);
}

function speak(predictor: LadderPredictor, set: DataSet, asOfs: readonly EpochMs[]): WalkedMoment[] {
  const first = set.series[0]?.firstOpenTime ?? (0 as EpochMs);
  const known = asOfs.filter((asOf) => asOf > first && asOf <= addMs(first, set.bars * set.schema.stepMs));
  const rows = Uint32Array.from(known, (asOf) => (asOf - first) / set.schema.stepMs - 1);
  const quantiles = predictor.predict(set, rows);
  const width = set.schema.horizons.length * LEVELS;
  return known.flatMap((asOf, index) => {
    const due = set.schema.horizons.filter((horizon) => isDueAt(horizon, asOf)).length;
    const logReturns = [...quantiles.subarray(index * width, index * width + due * LEVELS)];
    if (due === 0 || !logReturns.every(Number.isFinite)) return [];
    const pUps = Array.from({ length: due }, (_, horizon) => toPUp(logReturns.slice(horizon * LEVELS, (horizon + 1) * LEVELS)));
    return [{ asOf, pUps, logReturns }];
  });
}

function endOf({ firstOpenTime, length, stepMs }: BarSeries): EpochMs {
  return addMs(firstOpenTime, length * stepMs);
}
