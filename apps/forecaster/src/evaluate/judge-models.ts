import { QUANTILE_LEVELS, toIso } from '@candlecast/domain';
import { asOfRow, type DataSet } from '../dataset/data-set.ts';
import { REFERENCE_NAME } from '../models/ladder/ewma.ts';
import { harS } from '../models/ladder/har.ts';
import { persistence } from '../models/ladder/persistence.ts';
import { ses } from '../models/ladder/ses.ts';
import { dieboldMariano, lagOf } from './diebold-mariano.ts';
import { type HorizonForecasts, judgeHorizon, mean, type OriginLosses, toLosses } from './judge-horizon.ts';
import type { ComparedJudgement } from './report.ts';

/** The test rows of one symbol in time order, and the models' forecasts of them by horizon. */
export interface SymbolForecasts {
  readonly symbol: string;
  readonly asOf: Float64Array;
  /** By model, then horizon: quantiles [origins, levels]. */
  readonly quantiles: Map<string, Float32Array[]>;
  /** By horizon. */
  readonly returns: readonly Float64Array[];
  readonly sigmas: readonly Float64Array[];
}

const LEVELS = QUANTILE_LEVELS.length;

/** Sorts fitted quantiles, fold by fold as `predict` gave them, by symbol and horizon. */
export function toSymbolForecasts(
  set: DataSet,
  tests: readonly Uint32Array[],
  fits: ReadonlyMap<string, readonly Float32Array[]>,
): SymbolForecasts[] {
  const horizons = set.schema.horizons.length;
  const places = tests.flatMap((rows, fold) => Array.from(rows, (row, index) => ({ row, fold, index })));
  return set.series.flatMap(({ symbol }, s) => {
    const own = places.filter(({ row }) => Math.floor(row / set.bars) === s).sort((a, b) => a.row - b.row);
    if (own.length === 0) return [];
    const column = (values: Float64Array, h: number) => Float64Array.from(own, ({ row }) => values[row * horizons + h] as number);
    const quantiles = new Map(
      [...fits].map(([model, folds]) => [
        model,
        set.schema.horizons.map((_, h) => {
          const out = new Float32Array(own.length * LEVELS);
          own.forEach(({ fold, index }, at) => {
            const from = (index * horizons + h) * LEVELS;
            out.set((folds[fold] as Float32Array).subarray(from, from + LEVELS), at * LEVELS);
          });
          return out;
        }),
      ]),
    );
    return [
      {
        symbol,
        asOf: Float64Array.from(own, ({ row }) => asOfRow(set, row)),
        quantiles,
        returns: set.schema.horizons.map((_, h) => column(set.returns, h)),
        sigmas: set.schema.horizons.map((_, h) => column(set.sigmas, h)),
      },
    ];
  });
}

/** Returns how one model did over one horizon. */
export function forecastsOf(set: DataSet, { quantiles, returns, sigmas }: SymbolForecasts, model: string, h: number): HorizonForecasts {
  return {
    quantiles: quantiles.get(model)?.[h] ?? new Float32Array(),
    returns: returns[h] ?? new Float64Array(),
    sigmas: sigmas[h] ?? new Float64Array(),
    dayBars: set.schema.dayBars,
    horizonBars: set.schema.horizonBars[h] ?? Number.NaN,
  };
}

/** Judges the named models on one symbol: by model, then horizon. The reference, HAR-S, persistence and SES must be among the forecasts. */
export function judgeModels(set: DataSet, symbol: SymbolForecasts, models: readonly string[]): Map<string, ComparedJudgement[]> {
  const judged = new Map<string, ComparedJudgement[]>(models.map((model) => [model, []]));
  const months = Array.from(symbol.asOf, (asOf) => toIso(asOf as Parameters<typeof toIso>[0]).slice(0, 7));
  set.schema.horizons.forEach((_, h) => {
    const lossesOf = (model: string) => toLosses(forecastsOf(set, symbol, model, h));
    const rivals = {
      reference: lossesOf(REFERENCE_NAME),
      harS: lossesOf(harS.name),
      still: lossesOf(persistence.name),
      smooth: lossesOf(ses.name),
    };
    for (const model of models) {
      const forecasts = forecastsOf(set, symbol, model, h);
      judged.get(model)?.push(compare(forecasts, toLosses(forecasts), rivals, months));
    }
  });
  return judged;
}

function compare(
  forecasts: HorizonForecasts,
  own: OriginLosses,
  rivals: Readonly<Record<'reference' | 'harS' | 'still' | 'smooth', OriginLosses>>,
  months: readonly string[],
): ComparedJudgement {
  const { horizonBars, dayBars } = forecasts;
  const test = (rival: OriginLosses) => dieboldMariano(rival.crps, own.crps, lagOf(horizonBars, dayBars), horizonBars);
  const monthly = skillByMonth(rivals.reference.crps, own.crps, months);
  return {
    ...judgeHorizon(forecasts, own),
    skill: 1 - mean(own.crps) / mean(rivals.reference.crps),
    tailSkill: 1 - mean(own.tail) / mean(rivals.reference.tail),
    beatsReference: test(rivals.reference),
    beatsHarS: test(rivals.harS),
    maeToPersistence: mean(own.absolute) / mean(rivals.still.absolute),
    maeToSes: mean(own.absolute) / mean(rivals.smooth.absolute),
    positiveMonths: monthly.filter(({ skill }) => skill > 0).length / Math.max(1, monthly.length),
    months: monthly,
  };
}

function skillByMonth(reference: Float64Array, own: Float64Array, months: readonly string[]): { month: string; skill: number }[] {
  const sums = new Map<string, { reference: number; own: number }>();
  months.forEach((month, index) => {
    const sum = sums.get(month) ?? { reference: 0, own: 0 };
    sum.reference += reference[index] as number;
    sum.own += own[index] as number;
    sums.set(month, sum);
  });
  return [...sums].map(([month, sum]) => ({ month, skill: 1 - sum.own / sum.reference }));
}
