import { QUANTILE_LEVELS } from '@candlecast/domain';
import { ENSEMBLE } from '../evaluate/build-report.ts';
import type { ComparedJudgement, EvaluationReport } from '../evaluate/report.ts';
import { type Chart, toSvg } from './svg-chart.ts';

/** What came and what was said at some origins of one symbol and horizon, for the plot that every such project shows. */
export interface PathSample {
  readonly symbol: string;
  readonly horizon: string;
  readonly actual: readonly number[];
  readonly predicted: readonly number[];
  readonly naive: readonly number[];
}

const SHOWN = ['ewma-normal', 'garch-t', 'har-s', 'linear-quantile', 'mlp', 'lstm', 'lstm-context', ENSEMBLE];
const CURVES = ['ewma-normal', 'har-s', 'lstm-context', ENSEMBLE];

/** Draws every plot of a report; by file name. */
export function drawPlots(report: EvaluationReport, samples: readonly PathSample[]): Map<string, string> {
  const plots = new Map<string, string>();
  const add = (name: string, chart: Chart) => plots.set(`${name}.svg`, toSvg(chart));
  for (const symbol of report.tested) {
    const of = (model: string) => report.models.find(({ name }) => name === model)?.symbols[symbol] ?? [];
    const each = (models: readonly string[], points: (judged: readonly ComparedJudgement[]) => [number, number][]) =>
      models.map((label) => ({ label, points: points(of(label)) }));
    add(`skill-${symbol}`, {
      title: `${symbol}: CRPS skill against the tuned EWMA`,
      xLabel: 'horizon',
      yLabel: 'skill, %',
      xNames: report.horizons,
      series: each(SHOWN, (judged) => judged.map(({ skill }, h) => [h, 100 * skill])),
    });
    add(`skill-over-time-${symbol}`, {
      title: `${symbol}: skill by month at ${report.horizons[0]}`,
      xLabel: 'month',
      yLabel: 'skill, %',
      xNames: of(ENSEMBLE)[0]?.months.map(({ month }) => month.slice(2)) ?? [],
      series: each(CURVES, (judged) => judged[0]?.months.map(({ skill }, index) => [index, 100 * skill]) ?? []),
    });
    add(`coverage-${symbol}`, {
      title: `${symbol}: coverage of the ensemble's bands less their level`,
      xLabel: 'horizon',
      yLabel: 'points',
      xNames: report.horizons,
      series: (of(ENSEMBLE)[0]?.coverage ?? []).map(({ band }, index) => ({
        label: `${band} %`,
        points: of(ENSEMBLE).map(({ coverage }, h) => [h, 100 * (coverage[index]?.share ?? Number.NaN) - band]),
      })),
    });
    add(`pit-${symbol}`, {
      title: `${symbol}: outcomes at or below each quantile, less its level`,
      xLabel: 'level',
      yLabel: 'points',
      series: report.horizons.map((label, h) => ({
        label,
        points: QUANTILE_LEVELS.map((level, index) => {
          const share = (of(ENSEMBLE)[h]?.pit ?? []).slice(0, index + 1).reduce((sum, one) => sum + one, 0);
          return [level, 100 * (share - level)];
        }),
      })),
    });
    add(`reliability-${symbol}`, {
      title: `${symbol}: P(up) as said and as it came, ${report.horizons[0]}`,
      xLabel: 'said',
      yLabel: 'rose',
      series: [
        {
          label: 'honest',
          style: 'dashed',
          points: [
            [0.3, 0.3],
            [0.7, 0.7],
          ],
        },
        ...each(['logistic-regression', 'lstm-context', ENSEMBLE], (judged) =>
          (judged[0]?.reliability ?? []).filter(({ n }) => n >= 50).map(({ said, rose }) => [said, rose]),
        ),
      ],
    });
  }
  for (const [model, cards] of Object.entries(report.fits)) {
    const series = lossSeries(cards);
    if (series.length > 0 && !report.ablations.some(({ name }) => name === model))
      add(`loss-${model}`, { title: `${model}: loss of the last fold`, xLabel: 'epoch', yLabel: 'pinball loss, sigmas', series });
  }
  for (const { symbol, horizon, actual, predicted, naive } of samples) {
    const line = (values: readonly number[]): [number, number][] => values.map((value, index) => [index, value]);
    add(`path-${symbol}-${horizon}`, {
      title: `${symbol}: price after ${horizon}, median said ${horizon} before, and the last price then`,
      xLabel: 'origin',
      yLabel: 'price',
      series: [
        { label: 'actual', points: line(actual) },
        { label: 'LSTM with context', points: line(predicted) },
        { label: 'last price', style: 'dashed', points: line(naive) },
      ],
    });
  }
  return plots;
}

interface NetCard {
  readonly baselineLoss: number;
  readonly epochs: readonly { readonly trainingLoss: number; readonly validationLoss: number }[];
}

function lossSeries(cards: EvaluationReport['fits'][string]): Chart['series'] {
  const nets = (cards.at(-1)?.nets ?? []) as readonly NetCard[];
  return nets.slice(0, 2).flatMap(({ baselineLoss, epochs }, index) => [
    { label: `training ${index + 1}`, points: epochs.map(({ trainingLoss }, epoch) => [epoch + 1, trainingLoss] as const) },
    {
      label: `validation ${index + 1}`,
      style: 'dashed' as const,
      points: [[0, baselineLoss] as const, ...epochs.map(({ validationLoss }, epoch) => [epoch + 1, validationLoss] as const)],
    },
  ]);
}
