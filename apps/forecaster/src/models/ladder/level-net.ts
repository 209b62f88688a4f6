import { QUANTILE_LEVELS } from '@candlecast/domain';
import type { DataSet } from '../../dataset/data-set.ts';
import { type LevelInputs, trainLevelNetwork } from '../nets/level-network.ts';
import type { LadderModel } from './ladder-model.ts';
import { sigmaOf, writeNormal } from './series-model.ts';

/** How a published network of price levels reads and asks. */
export interface LevelNetSettings {
  /** Units of each LSTM layer, lowest first. */
  readonly layers: readonly number[];
  readonly lookback: number;
  /** A step of its window: a bar, or a day, at whatever hour the origin is. */
  readonly every: 'bar' | 'day';
  /** The next step alone, or the end of each horizon. */
  readonly outputs: 'next' | 'each';
  /** Prices to 0..1 by the extremes, or to mean 0 and deviation 1, of each instrument's training bars. */
  readonly scaling: 'extremes' | 'deviation';
  /** Whether it also sees return, range and volume of each bar. */
  readonly isEngineered: boolean;
  readonly epochs: number;
  /** Windows of one epoch, at most. */
  readonly windows: number;
}

/** What one instrument's prices are taken off and divided by. */
interface LevelScale {
  readonly offset: number;
  readonly span: number;
}

const LEVELS = QUANTILE_LEVELS.length;
/** A forecast price is at least this share of the last: a network of levels may say a negative one. */
const LEAST_RATIO = 0.1;

/**
 * Returns a published network of price levels as a row of the ladder: its price is the location, around which the tuned EWMA-normal lies. One
 * that forecasts a day ahead says nothing over shorter horizons, where the last price stands; one that forecasts the next bar says
 * the same over all. Unlike as published, prices are scaled by training bars alone and one network has all instruments.
 */
export function levelNet(name: string, description: string, settings: LevelNetSettings): LadderModel {
  return {
    name,
    family: 'network',
    description,
    settings,
    async fit(trained, rows, seed) {
      const { horizonBars, dayBars } = trained.schema;
      const stepRows = settings.every === 'day' ? dayBars : 1;
      const ahead = settings.outputs === 'each' ? horizonBars : [stepRows];
      const scales = trained.series.map((_, s) => scaleOf(trained, rows.training, s, settings.scaling));
      const losses: number[] = [];
      const { layers, lookback, epochs, windows } = settings;
      const network = await trainLevelNetwork(
        toInputs(trained, scales, settings),
        rows.training,
        { layers, lookback, stepRows, ahead, epochs, windows, seed },
        (_, mse) => losses.push(mse),
      );
      return {
        card: { settings, losses },
        predict(set, wanted) {
          const levels = network.forecast(toInputs(set, scales, settings), wanted);
          const out = new Float32Array(wanted.length * horizonBars.length * LEVELS);
          wanted.forEach((row, index) => {
            const s = Math.floor(row / set.bars);
            const { offset, span } = scales[s] as LevelScale;
            const close = Math.exp(set.series[s]?.columns.logClose[row % set.bars] as number);
            horizonBars.forEach((bars, h) => {
              const output = settings.outputs === 'each' ? h : 0;
              const price = offset + span * (levels[index * ahead.length + output] as number);
              const location = bars < stepRows ? 0 : Math.log(Math.max(LEAST_RATIO, price / close));
              const at = (index * horizonBars.length + h) * LEVELS;
              writeNormal(out.subarray(at, at + LEVELS), location, sigmaOf(set, s, row % set.bars, h));
            });
          });
          return out;
        },
      };
    },
  };
}

function scaleOf(set: DataSet, training: Uint32Array, s: number, scaling: LevelNetSettings['scaling']): LevelScale {
  const closes = set.series[s]?.columns.logClose ?? new Float64Array();
  const own = training.filter((row) => Math.floor(row / set.bars) === s);
  const prices = Float64Array.from(own, (row) => Math.exp(closes[row % set.bars] as number));
  if (scaling === 'extremes') {
    const offset = prices.reduce((low, price) => Math.min(low, price), Number.POSITIVE_INFINITY);
    return { offset, span: prices.reduce((high, price) => Math.max(high, price), 0) - offset };
  }
  const offset = prices.reduce((sum, price) => sum + price, 0) / prices.length;
  return { offset, span: Math.sqrt(prices.reduce((sum, price) => sum + (price - offset) ** 2, 0) / prices.length) };
}

/** Scaled closes bar by bar, and where wanted return and range in per mille and the logarithm of volume. A missing bar repeats the last, or is as the first. */
function toInputs(set: DataSet, scales: readonly LevelScale[], { isEngineered }: LevelNetSettings): LevelInputs {
  const columns = isEngineered ? 4 : 1;
  const values = new Float32Array(set.series.length * set.bars * columns);
  set.series.forEach(({ columns: { logClose, logHigh, logLow, baseVolume } }, s) => {
    const { offset, span } = scales[s] as LevelScale;
    let told = new Float32Array(columns);
    let before = logClose.find((close) => !Number.isNaN(close)) ?? Number.NaN;
    told[0] = (Math.exp(before) - offset) / span;
    for (let bar = 0; bar < set.bars; bar++) {
      const close = logClose[bar] as number;
      if (!Number.isNaN(close)) {
        const engineered = [1_000 * (close - before), 1_000 * ((logHigh[bar] as number) - (logLow[bar] as number))];
        told = Float32Array.of((Math.exp(close) - offset) / span, ...engineered, Math.log1p(baseVolume[bar] as number)).subarray(
          0,
          columns,
        );
        before = close;
      }
      values.set(told, (s * set.bars + bar) * columns);
    }
  });
  return { values, columns };
}
