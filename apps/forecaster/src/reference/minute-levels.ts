import type { EpochMs } from '@candlecast/domain';
import { toLevelMetrics } from './level-metrics.ts';
import { type LevelData, runLevelNetwork } from './level-network.ts';
import { loadPriceRows, type PriceRows } from './price-rows.ts';
import type { ReferenceOptions } from './reference-options.ts';
import { levelRow, type ReferenceRow } from './reference-run.ts';

/** The minutes that the minute projects are run on: a month of BTC with the crash of May 2021 in it. */
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

/** Runs one protocol on the minutes and returns its line, that of the same forecast on its own training rows, persistence and SES. */
export async function runMinuteLevels(
  { dir, epochs, seed, say }: ReferenceOptions,
  protocol: MinuteProtocol,
  shown: readonly string[],
): Promise<ReferenceRow[]> {
  const rows = await loadPriceRows(dir, 'BTCUSDT', '1m', MINUTES);
  const { lookback, outputs } = protocol;
  const scale = scalerOf(rows.close, protocol.scaling);
  const levels = rows.close.map(scale);
  const cut = Math.floor(levels.length * protocol.trainingShare);
  const ends = (from: number, to: number) => Uint32Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  const columns = protocol.isEngineered ? engineer(rows) : [];
  const data: LevelData = {
    values: Float32Array.from({ length: levels.length * (columns.length + 1) }, (_, index) => {
      const [row, column] = [Math.floor(index / (columns.length + 1)), index % (columns.length + 1)];
      return column === 0 ? (levels[row] as number) : (columns[column - 1]?.[row] as number);
    }),
    columns: columns.length + 1,
    training: ends(lookback - 1, cut - outputs),
    test: ends(cut, levels.length - outputs),
  };
  const said = await runLevelNetwork(data, { layers: [protocol.units], lookback, outputs, epochs, seed }, say);
  const ahead = (part: Uint32Array) =>
    Float64Array.from(
      { length: part.length * outputs },
      (_, index) => levels[(part[Math.floor(index / outputs)] as number) + 1 + (index % outputs)] as number,
    );
  const held = (values: Float64Array) =>
    Float64Array.from(
      { length: data.test.length * outputs },
      (_, index) => values[data.test[Math.floor(index / outputs)] as number] as number,
    );
  const came = ahead(data.test);
  return [
    levelRow(`${protocol.name}, on its training rows`, toLevelMetrics(Float64Array.from(said.training), ahead(data.training)), shown),
    levelRow(protocol.name, toLevelMetrics(Float64Array.from(said.test), came), shown),
    levelRow(`the last price, ${outputs} ahead`, toLevelMetrics(held(levels), came), shown),
    levelRow(`simple exponential smoothing (α ${SMOOTHING}), ${outputs} ahead`, toLevelMetrics(held(smooth(levels)), came), shown),
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
