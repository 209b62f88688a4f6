import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { hashFile } from '@candlecast/candle-files';
import { addMs, DAY_MS, type EpochMs, type Interval, QUANTILE_LEVELS, type TimeRange } from '@candlecast/domain';
import { buildDataSet, type DataSet } from '../dataset/data-set.ts';
import { loadBars } from '../dataset/load-bars.ts';
import { loadExternal } from '../dataset/load-external.ts';
import { barSchema } from '../features/bar-schema.ts';
import { LADDER, LADDER_VERSION, linearQuantile, lstmContext } from '../models/ladder/ladder.ts';
import { MEDIAN } from '../models/normal.ts';
import type { PathSample } from '../reports/plots.ts';
import { buildReport } from './build-report.ts';
import { ablationNames, findModel } from './find-model.ts';
import type { FitTask } from './fit-protocol.ts';
import { type Fold, planFolds, toFold } from './folds.ts';
import { toSymbolForecasts } from './judge-models.ts';
import { createPredictionStore, type FitKey, type KeptFit } from './prediction-store.ts';
import type { EvaluationReport } from './report.ts';
import { type FitEvents, runFits } from './run-fits.ts';
import { trialNames } from './search.ts';

/** What is evaluated. */
export interface EvaluationOptions {
  readonly command: string;
  readonly dir: string;
  /** Folder of daily series from outside that models are told, too; absent for none. */
  readonly externalDir: string | undefined;
  readonly interval: Interval;
  /** `asOf` of the judged origins. Nothing after its end is read. */
  readonly range: TimeRange;
  readonly trainFrom: EpochMs;
  /** Symbols that models learn from, and those among them that are judged. */
  readonly symbols: readonly string[];
  readonly tested: readonly string[];
  /** Months of a fold; 0 for models that are frozen over the whole range. */
  readonly foldMonths: number;
  readonly seed: number;
  readonly threads: number;
  /** Whether to also permute each group of features. */
  readonly isThorough: boolean;
  /** Whether to also train without each group of features. */
  readonly isAblated: boolean;
  /** Trials of the search over settings of the LSTM with context, on the first fold's validation rows. */
  readonly trials: number;
  /** Where forecasts are kept between runs. */
  readonly cacheDir: string;
}

/** What is told while an evaluation runs. */
export interface EvaluationEvents {
  readonly onLoaded: (facts: { bars: number; symbols: number; folds: number; fits: number; kept: number }) => void;
  readonly onFitted: (task: FitTask, fitMs: number) => void;
  readonly onProgress: FitEvents['onProgress'];
}

const SAMPLE_DAYS = 7;

/** Reads the files, fits every row of the ladder on every fold that is not kept from an earlier run, and judges. */
export async function evaluate(
  script: URL,
  options: EvaluationOptions,
  events: EvaluationEvents,
): Promise<{ report: EvaluationReport; samples: PathSample[] }> {
  const external = options.externalDir === undefined ? undefined : await loadExternal(options.externalDir);
  const schema = { ...barSchema(options.interval), ...(external && { external: external.features }) };
  const plans = planFolds(options.range, options.trainFrom, options.foldMonths);
  const { dir, interval, symbols } = options;
  const loaded = await loadBars({ dir, interval, symbols, range: { from: historyFrom(options), to: options.range.to } });
  const files = [...loaded.files, ...(external?.files ?? [])];
  const hashes = await Promise.all(files.map(hashFile));
  const set = buildDataSet(loaded.series, schema, external?.points);
  const folds = plans.map((plan) => toFold(set, plan, options.trainFrom, options.tested));
  const hash = createHash('sha256').update(hashes.join()).digest('hex');
  const ablations = options.isAblated ? ablationNames(schema) : [];
  const trials = trialNames(options.trials);
  const fits = await fitAll(script, options, { set, folds, hash, ablations, trials }, events);
  const data = {
    hash,
    files: files.map((path) => (path.startsWith(dir) ? path.slice(dir.length + 1) : basename(path))),
    symbols,
    interval,
  };
  const report = await buildReport({
    command: options.command,
    seed: options.seed,
    data,
    set,
    folds,
    tested: options.tested,
    fits,
    ablations,
    trials: new Map(trials.map((name) => [name, fits.get(name)?.[0]?.card ?? {}])),
  });
  return { report, samples: toSamples(set, folds, fits) };
}

/** What is to be fitted, and on what. */
interface FitPlan {
  readonly set: DataSet;
  readonly folds: readonly Fold[];
  readonly hash: string;
  readonly ablations: readonly string[];
  readonly trials: readonly string[];
}

/** Features look back up to 84 days before the first training origin. */
function historyFrom({ trainFrom }: EvaluationOptions): EpochMs {
  return addMs(trainFrom, -84 * DAY_MS);
}

async function fitAll(
  script: URL,
  { symbols, tested, trainFrom, seed, threads, isThorough, cacheDir }: EvaluationOptions,
  { set, folds, hash, ablations, trials }: FitPlan,
  events: EvaluationEvents,
): Promise<Map<string, KeptFit[]>> {
  const store = createPredictionStore(cacheDir);
  const withImportance = (model: string) => isThorough && [linearQuantile.name, lstmContext.name].includes(model);
  const keyOf = ({ model, fold }: FitTask): FitKey => ({
    model,
    fold,
    facts: [
      LADDER_VERSION,
      findModel(model)?.settings,
      hash,
      set.schema,
      symbols,
      tested,
      trainFrom,
      folds[fold]?.range,
      seed,
      withImportance(model),
    ],
  });
  const fits = new Map<string, KeptFit[]>();
  const keep = ({ model, fold }: FitTask, fit: KeptFit) => {
    const kept = fits.get(model) ?? [];
    kept[fold] = fit;
    fits.set(model, kept);
  };
  const tasks: FitTask[] = [];
  // The longest trainings first, so that no thread ends on one alone.
  const everywhere = [...[...LADDER].reverse().map(({ name }) => name), ...ablations];
  const wanted = [
    ...everywhere.flatMap((model) => folds.map(({ index }) => ({ model, fold: index, withImportance: withImportance(model) }))),
    ...trials.map((model) => ({ model, fold: 0, withImportance: false })),
  ];
  for (const task of wanted) {
    const kept = await store.find(keyOf(task));
    if (kept) keep(task, kept);
    else tasks.push(task);
  }
  events.onLoaded({
    bars: set.bars,
    symbols: set.series.length,
    folds: folds.length,
    fits: tasks.length,
    kept: wanted.length - tasks.length,
  });
  await runFits(script, { set, folds, seed }, tasks, threads, {
    onProgress: events.onProgress,
    async onFitted(task, { quantiles, card }) {
      await store.save(keyOf(task), { quantiles, card });
      keep(task, { quantiles, card });
      events.onFitted(task, card.fitMs as number);
    },
  });
  return fits;
}

/** The last week of each symbol at the shortest horizon, in prices: for the plot of what came beside what was said. */
function toSamples(set: DataSet, folds: readonly Fold[], fits: ReadonlyMap<string, readonly KeptFit[]>): PathSample[] {
  const shown = lstmContext.name;
  const quantiles = new Map([[shown, (fits.get(shown) ?? []).map((fit) => fit.quantiles)]]);
  const forecasts = toSymbolForecasts(
    set,
    folds.map(({ test }) => test),
    quantiles,
  );
  return forecasts.map(({ symbol, asOf, returns, quantiles: own }) => {
    const series = set.series.find((one) => one.symbol === symbol);
    const from = Math.max(0, asOf.length - SAMPLE_DAYS * set.schema.dayBars);
    const origins = Array.from({ length: asOf.length - from }, (_, index) => from + index);
    const last = (index: number) =>
      series?.columns.logClose[((asOf[index] as number) - series.firstOpenTime) / set.schema.stepMs - 1] ?? Number.NaN;
    const median = (index: number) => own.get(shown)?.[0]?.[index * QUANTILE_LEVELS.length + MEDIAN] ?? Number.NaN;
    return {
      symbol,
      horizon: set.schema.horizons[0] ?? '',
      actual: origins.map((index) => Math.exp(last(index) + (returns[0]?.[index] ?? Number.NaN))),
      predicted: origins.map((index) => Math.exp(last(index) + median(index))),
      naive: origins.map((index) => Math.exp(last(index))),
    };
  });
}
