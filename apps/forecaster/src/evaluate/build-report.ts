import { AppError, type Horizon } from '@candlecast/domain';
import type { DataSet } from '../dataset/data-set.ts';
import { BAR_FEATURE_SCHEMA } from '../features/bar-schema.ts';
import { REFERENCE_NAME } from '../models/ladder/ewma.ts';
import { harS } from '../models/ladder/har.ts';
import { ENSEMBLE_MEMBERS, LADDER, LEFT_OUT, LOCATION_MEMBERS, linearQuantile, lstmContext } from '../models/ladder/ladder.ts';
import { toCalibrated } from './calibrated.ts';
import { permutedCanary, splitCanary } from './canaries.ts';
import { dieboldMariano, holm, lagOf } from './diebold-mariano.ts';
import { toEnsemble } from './ensemble.ts';
import type { Fold } from './folds.ts';
import { jointCoverage } from './joint-coverage.ts';
import { toLosses } from './judge-horizon.ts';
import { forecastsOf, judgeModels, type SymbolForecasts, toSymbolForecasts } from './judge-models.ts';
import type { KeptFit } from './prediction-store.ts';
import type { ComparedJudgement, EnsembleReport, EvaluationReport, ModelReport } from './report.ts';
import { rankTrials } from './search.ts';

/** What a report is built of. */
export interface ReportInput {
  readonly command: string;
  readonly seed: number;
  readonly data: EvaluationReport['data'];
  readonly set: DataSet;
  readonly folds: readonly Fold[];
  readonly tested: readonly string[];
  /** By model, then fold. */
  readonly fits: ReadonlyMap<string, readonly KeptFit[]>;
  readonly ablations: readonly string[];
  /** Cards of the trials of the search, by name. */
  readonly trials: ReadonlyMap<string, KeptFit['card']>;
}

export const ENSEMBLE = 'ensemble';
export const CALIBRATED = 'ensemble-calibrated';
const CALIBRATED_DESCRIPTION = 'The ensemble with the scales that serving puts on quantiles, of the last 90 days and from 12h on of a year';
const WITHOUT = 'ensemble-without';
const BOTH_LSTMS = 'both LSTMs';
const ENSEMBLE_DESCRIPTION = `Mean spread of ${ENSEMBLE_MEMBERS.join(', ')} around the gated mean median of ${LOCATION_MEMBERS.join(', ')}`;
/** More than this in an honest evaluation of hours ahead is a leak until it is shown not to be. */
const ALARM = { accuracy: 0.58, skill: 0.15 };

/** Judges every row of the ladder and the ensemble. Throws `ladder_incomplete` when a row is missing. */
export async function buildReport(input: ReportInput): Promise<EvaluationReport> {
  const { set, folds, fits } = input;
  const missing = LADDER.filter(({ name }) => fits.get(name)?.length !== folds.length).map(({ name }) => name);
  if (missing.length > 0)
    throw new AppError('ladder_incomplete', `the report has no row of ${missing.join(', ')}, and the ladder must be whole`);
  const symbols = toSymbolForecasts(
    set,
    folds.map(({ test }) => test),
    new Map(
      [...fits].filter(([model]) => !input.trials.has(model)).map(([model, kept]) => [model, kept.map(({ quantiles }) => quantiles)]),
    ),
  );
  const ensemble = Object.fromEntries(symbols.map((symbol) => [symbol.symbol, judgeEnsemble(set, symbol)]));
  const names = [...LADDER.map(({ name }) => name), ENSEMBLE, CALIBRATED, ...input.ablations];
  const judged = symbols.map((symbol) => ({ symbol: symbol.symbol, models: judgeModels(set, symbol, names) }));
  const reportOf = (name: string, family: ModelReport['family'], description: string): ModelReport => ({
    name,
    family,
    description,
    symbols: Object.fromEntries(judged.map(({ symbol, models }) => [symbol, models.get(name) ?? []])),
  });
  const models = [
    ...LADDER.map(({ name, family, description }) => reportOf(name, family, description)),
    reportOf(ENSEMBLE, 'ensemble', ENSEMBLE_DESCRIPTION),
    reportOf(CALIBRATED, 'ensemble', CALIBRATED_DESCRIPTION),
  ];
  const last = folds.at(-1) as Fold;
  const split = splitCanary(set, last.rows.training, input.seed);
  return {
    command: input.command,
    seed: input.seed,
    featureSchema: BAR_FEATURE_SCHEMA,
    data: input.data,
    folds: folds.map(({ range, validationFrom, rows, test }) => ({
      ...range,
      validationFrom,
      training: rows.training.length,
      validation: rows.validation.length,
      test: test.length,
    })),
    horizons: set.schema.horizons,
    tested: input.tested,
    models,
    ensemble,
    ablations: input.ablations.map((name) => reportOf(name, 'network', name)),
    fits: Object.fromEntries([...fits].map(([model, kept]) => [model, kept.map(({ card }) => card)])),
    search: rankTrials(input.trials),
    canaries: { split, permuted: await permutedCanary(set, linearQuantile, last.rows, last.test, input.seed) },
    leftOut: LEFT_OUT,
    alarms: toAlarms(models, split),
  };
}

/** Adds the ensemble's forecasts to those of the symbol, and judges what is its own: what each member is worth to it, too. */
function judgeEnsemble(set: DataSet, symbol: SymbolForecasts): EnsembleReport {
  const { horizonBars, stepMs, dayBars } = set.schema;
  const combine = (spreads: readonly string[], locations: readonly string[]) =>
    horizonBars.map((bars, h) => {
      const of = (names: readonly string[]) => names.map((name) => forecastsOf(set, symbol, name, h).quantiles);
      const returns = symbol.returns[h] ?? new Float64Array();
      return toEnsemble({ spreads: of(spreads), locations: of(locations), returns, asOf: symbol.asOf, stepMs, horizonBars: bars });
    });
  const whole = combine(ENSEMBLE_MEMBERS, LOCATION_MEMBERS);
  symbol.quantiles.set(
    ENSEMBLE,
    whole.map(({ quantiles }) => quantiles),
  );
  symbol.quantiles.set(
    CALIBRATED,
    whole.map(({ quantiles }, h) =>
      toCalibrated(quantiles, symbol.returns[h] ?? new Float64Array(), symbol.asOf, set.schema.horizons[h] as Horizon),
    ),
  );
  const crps = (model: string, h: number) => toLosses(forecastsOf(set, symbol, model, h)).crps;
  const test = (rival: string, h: number) =>
    dieboldMariano(crps(rival, h), crps(ENSEMBLE, h), lagOf(horizonBars[h] as number, dayBars), horizonBars[h] as number);
  const leaveOut = (left: readonly string[]) => {
    const isKept = (name: string) => !left.includes(name);
    const rest = combine(ENSEMBLE_MEMBERS.filter(isKept), LOCATION_MEMBERS.filter(isKept));
    symbol.quantiles.set(
      WITHOUT,
      rest.map(({ quantiles }) => quantiles),
    );
    return horizonBars.map((_, h) => test(WITHOUT, h));
  };
  const left = [...ENSEMBLE_MEMBERS.map((name) => [name, [name]] as const), [BOTH_LSTMS, ['lstm', lstmContext.name]] as const];
  const longest = Math.max(...horizonBars);
  const inSigmas = (model: string) => {
    const sums = new Float64Array(symbol.asOf.length);
    horizonBars.forEach((_, h) => {
      crps(model, h).forEach((loss, index) => {
        sums[index] = (sums[index] as number) + loss / (symbol.sigmas[h]?.[index] as number) / horizonBars.length;
      });
    });
    return sums;
  };
  const own = inSigmas(ENSEMBLE);
  const joint = (model: string) =>
    jointCoverage(
      horizonBars.map((_, h) => forecastsOf(set, symbol, model, h)),
      symbol.asOf,
      longest * stepMs,
      stepMs,
    );
  return {
    openShares: whole.map(({ openShare }) => openShare),
    joint: joint(ENSEMBLE),
    jointReference: joint(REFERENCE_NAME),
    holm: holm(horizonBars.map((_, h) => test(REFERENCE_NAME, h).p)),
    allHorizons: {
      reference: dieboldMariano(inSigmas(REFERENCE_NAME), own, lagOf(longest, dayBars), longest),
      harS: dieboldMariano(inSigmas(harS.name), own, lagOf(longest, dayBars), longest),
    },
    without: Object.fromEntries(left.map(([name, members]) => [name, leaveOut(members)])),
  };
}

function toAlarms(models: readonly ModelReport[], split: EvaluationReport['canaries']['split']): string[] {
  const found = models.flatMap(({ name, symbols }) =>
    Object.entries(symbols).flatMap(([symbol, horizons]) => horizons.flatMap((judged) => alarmOf(`${name} on ${symbol}`, judged))),
  );
  return split.shuffled > split.purged ? found : [...found, 'the shuffled split does not score above the purged one: the canary is dead'];
}

function alarmOf(what: string, { direction, skill }: ComparedJudgement): string[] {
  return [
    ...(direction.lower > ALARM.accuracy
      ? [`${what} calls ${(100 * direction.share).toFixed(1)} % of directions right: look for a leak`]
      : []),
    ...(skill > ALARM.skill ? [`${what} has a skill of ${(100 * skill).toFixed(1)} %: look for a leak`] : []),
  ];
}
