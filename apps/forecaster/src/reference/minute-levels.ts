import type { EpochMs } from '@candlecast/domain';
import { type LevelInputs, trainLevelNetwork } from '../models/nets/level-network.ts';
import { runChampion, toChampionLevels } from './champion.ts';
import { toLevelMetrics } from './level-metrics.ts';
import { loadPriceRows, type PriceRows } from './price-rows.ts';
import type { ReferenceOptions } from './reference-options.ts';
import { levelRow, type ReferenceRow } from './reference-run.ts';

/** The minutes that the minute projects are run on: two months of BTC with the crash of May 2021 in them. */
export const MINUTES = { from: Date.parse('2021-05-01T00:00:00Z') as EpochMs, to: Date.parse('2021-07-01T00:00:00Z') as EpochMs };
const SMOOTHING = 0.9;

/** How a minute project reads and asks. */
export interface MinuteProtocol {
  readonly name: string;
  readonly units: number;
  readonly lookback: number;
  readonly outputs: number;
  /** Raw closes, or closes with what is made of the candle. */
  readonly isEngineered: boolean;
  readonly trainingShare: number;
  /** To 0..1 by the extremes, or to mean 0 and deviation 1, of the whole series as published. */
  readonly scaling: 'extremes' | 'deviation';
}

/** Reads the minutes that the minute projects are run on. */
export function loadMinutes(dir: string): Promise<PriceRows> {
  return loadPriceRows(dir, 'BTCUSDT', '1m', MINUTES);
}

/** Runs one protocol on the minutes and returns its line, that of the same forecast on its own training rows, persistence and SES. */
export async function runMinuteLevels(
  rows: PriceRows,
  { epochs, seed, say }: ReferenceOptions,
  protocol: MinuteProtocol,
  shown: readonly string[],
): Promise<ReferenceRow[]> {
  const { lookback, outputs } = protocol;
  const scale = scalerOf(rows.close, protocol.scaling);
  const levels = rows.close.map(scale);
  const cut = Math.floor(levels.length * protocol.trainingShare);
  const ends = (from: number, to: number) => Uint32Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  const columns = protocol.isEngineered ? engineer(rows) : [];
  const inputs: LevelInputs = {
    values: Float32Array.from({ length: levels.length * (columns.length + 1) }, (_, index) => {
      const [row, column] = [Math.floor(index / (columns.length + 1)), index % (columns.length + 1)];
      return column === 0 ? (levels[row] as number) : (columns[column - 1]?.[row] as number);
    }),
    columns: columns.length + 1,
  };
  const training = ends(lookback - 1, cut - outputs);
  const test = ends(cut, levels.length - outputs);
  const steps = Array.from({ length: outputs }, (_, index) => index + 1);
  const recipe = { layers: [protocol.units], lookback, stepRows: 1, ahead: steps, epochs, windows: training.length, seed };
  const network = await trainLevelNetwork(inputs, training, recipe, say);
  const [saidBefore, said] = [training, test].map((part) => Float64Array.from(network.forecast(inputs, part))) as [
    Float64Array,
    Float64Array,
  ];
  network.dispose();
  const ahead = (part: Uint32Array) =>
    Float64Array.from(
      { length: part.length * outputs },
      (_, index) => levels[(part[Math.floor(index / outputs)] as number) + 1 + (index % outputs)] as number,
    );
  const held = (values: Float64Array) =>
    Float64Array.from({ length: test.length * outputs }, (_, index) => values[test[Math.floor(index / outputs)] as number] as number);
  const came = ahead(test);
  return [
    levelRow(`${protocol.name}, on its training rows`, toLevelMetrics(saidBefore, ahead(training)), shown),
    levelRow(protocol.name, toLevelMetrics(said, came), shown),
    levelRow(`the last price, ${outputs} ahead`, toLevelMetrics(held(levels), came), shown),
    levelRow(`simple exponential smoothing (α ${SMOOTHING}), ${outputs} ahead`, toLevelMetrics(held(smooth(levels)), came), shown),
  ];
}

/** Trains our model before the same test minutes and returns its line over one minute, in the protocol's scale, and that of persistence. */
export async function runMinuteChampion(
  rows: PriceRows,
  { dir, seed }: ReferenceOptions,
  { trainingShare, scaling }: Pick<MinuteProtocol, 'trainingShare' | 'scaling'>,
  shown: readonly string[],
): Promise<ReferenceRow[]> {
  const scale = scalerOf(rows.close, scaling);
  const from = rows.openTime[Math.floor(rows.close.length * trainingShare)] as EpochMs;
  const request = { dir, symbol: 'BTCUSDT', interval: '1m', historyFrom: MINUTES.from, range: { from, to: MINUTES.to }, seed } as const;
  const { said, still, came } = toChampionLevels(await runChampion(request));
  const scaled = (prices: Float64Array) => prices.map(scale);
  return [
    levelRow('our LSTM with context, trained before the window, 1 ahead', toLevelMetrics(scaled(said), scaled(came)), shown),
    levelRow('the last price at the same origins, 1 ahead', toLevelMetrics(scaled(still), scaled(came)), shown),
  ];
}

function scalerOf(values: Float64Array, scaling: MinuteProtocol['scaling']): (value: number) => number {
  if (scaling === 'extremes') {
    const least = values.reduce((low, value) => Math.min(low, value));
    const span = values.reduce((high, value) => Math.max(high, value)) - least;
    return (value) => (value - least) / span;
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return (value) => (value - mean) / deviation;
}

/** Returns the return, range and logarithm of volume of each row, in per mille and natural units. */
function engineer({ close, high, low, baseVolume }: PriceRows): Float64Array[] {
  return [
    close.map((price, row) => 1_000 * Math.log(price / (close[row - 1] ?? price))),
    high.map((price, row) => 1_000 * Math.log(price / (low[row] as number))),
    baseVolume.map((volume) => Math.log1p(volume)),
  ];
}

function smooth(values: Float64Array): Float64Array {
  let level = values[0] ?? 0;
  return values.map((value) => {
    level = SMOOTHING * value + (1 - SMOOTHING) * level;
    return level;
  });
}
