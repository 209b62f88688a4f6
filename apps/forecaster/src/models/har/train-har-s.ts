import { AppError, addMs, type EpochMs, type InstrumentId, QUANTILE_LEVELS } from '@candlecast/domain';
import { asOfRow, buildDataSet, type DataSet } from '../../dataset/data-set.ts';
import type { NamedBars } from '../../dataset/named-bars.ts';
import { type BarSeries, barAt } from '../../features/bar.ts';
import { BAR_FEATURE_SCHEMA } from '../../features/bar-schema.ts';
import { LIVE_BARS, SERVED_PLACES } from '../../features/live-bars.ts';
import type { TrainedModel } from '../estimator.ts';
import { fitHar, forecastHar, harS } from '../ladder/har.ts';
import type { HarCoefficients } from '../ladder/har-volatility.ts';
import { HAR_COLUMNS, HAR_INPUT_LAYOUT, type HarModel, toHarFile, toHarGrid } from './har-file.ts';
import { createHarMachine } from './har-machine.ts';

/** Largest difference between what serving and the laboratory say, in sigmas, with which a model may be published. */
const PARITY_TOLERANCE = 1e-5;
const LEVELS = QUANTILE_LEVELS.length;

interface Fitted {
  readonly id: InstrumentId;
  readonly coefficients: HarCoefficients;
  readonly windows: number;
  readonly from: EpochMs;
  readonly through: EpochMs;
  readonly difference: number;
}

/**
 * Fits HAR-S of every instrument by the code of the laboratory, on all of its bars whose outcomes are there. Throws `history_too_short` where no
 * instrument has enough of them, and `serving_parity` when serving would say something else than the laboratory does.
 */
export function trainHarS(bars: readonly NamedBars[]): TrainedModel {
  const startedAt = performance.now();
  const fitted = bars.flatMap(({ instrumentId, series }) => fitInstrument(instrumentId, series) ?? []);
  if (fitted.length === 0)
    throw new AppError('history_too_short', `none of ${bars.length} instruments has enough ${LIVE_BARS.interval} bars`);
  const largestDifference = Math.max(...fitted.map(({ difference }) => difference));
  if (!(largestDifference <= PARITY_TOLERANCE))
    throw new AppError('serving_parity', `serving is ${largestDifference} sigmas off the laboratory, more than ${PARITY_TOLERANCE}`);
  return {
    name: harS.name,
    kind: 'BASELINE',
    file: toHarFile({ instruments: fitted }),
    fileName: 'model.json',
    trainedFrom: Math.min(...fitted.map(({ from }) => from)) as EpochMs,
    trainedThrough: Math.max(...fitted.map(({ through }) => through)) as EpochMs,
    featureSchema: BAR_FEATURE_SCHEMA,
    card: {
      description: harS.description,
      horizons: LIVE_BARS.horizons,
      levels: QUANTILE_LEVELS,
      interval: LIVE_BARS.interval,
      input: HAR_INPUT_LAYOUT,
      settings: { interval: LIVE_BARS.interval, inputs: HAR_COLUMNS.length + 1 },
      windows: { training: fitted.reduce((sum, { windows }) => sum + windows, 0) },
      instruments: { fitted: fitted.length, leftOut: bars.length - fitted.length },
      parity: { instruments: fitted.length, largestDifference },
      trainingMs: Math.round(performance.now() - startedAt),
    },
  };
}

function fitInstrument(id: InstrumentId, series: BarSeries): Fitted | undefined {
  const set = buildDataSet([series], LIVE_BARS);
  const training = Uint32Array.from(set.origins, (_, row) => row).filter((row) => set.origins[row] === 1);
  const [first, last] = [training[0], training.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const longestMs = Math.max(...LIVE_BARS.horizonBars) * LIVE_BARS.stepMs;
  const through = addMs(asOfRow(set, last), longestMs);
  const coefficients = fitHar(set, { training, validation: new Uint32Array(), cutoff: through }, 0, true);
  if (!coefficients) return undefined;
  const from = addMs(asOfRow(set, first), -LIVE_BARS.warmup * LIVE_BARS.stepMs);
  return { id, coefficients, windows: training.length, from, through, difference: compare(set, last, coefficients) };
}

/** Returns how far serving is from the laboratory at the last origin, in sigmas. */
function compare(set: DataSet, last: number, coefficients: HarCoefficients): number {
  const [series] = set.series;
  if (!series) return Number.NaN;
  const machine = createHarMachine(0, coefficients);
  for (let row = 0; row <= last; row++) machine.push(addMs(series.firstOpenTime, row * series.stepMs), barAt(series, row));
  const input = machine.input();
  if (!input) return Number.NaN;
  const model: HarModel = { instruments: [{ id: 'SIM:ANY' as InstrumentId, coefficients }] };
  const served = toHarGrid(model, input);
  const forecast = forecastHar(set, 0, coefficients, true);
  const said = new Float32Array(LEVELS);
  const differences = LIVE_BARS.horizons.flatMap((_, horizon) => {
    forecast(last, horizon, said);
    const sigma = machine.sigmas[horizon] as number;
    const place = (SERVED_PLACES[horizon] as number) * LEVELS;
    return [...said].map((value, level) => Math.abs(value - (served[place + level] as number)) / sigma);
  });
  return Math.max(...differences);
}
