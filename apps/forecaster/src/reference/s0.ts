import type { EpochMs } from '@candlecast/domain';
import { trainLevelNetwork } from '../models/nets/level-network.ts';
import { runChampion, toChampionLevels } from './champion.ts';
import { toLevelMetrics } from './level-metrics.ts';
import { loadPriceRows } from './price-rows.ts';
import type { ReferenceOptions } from './reference-options.ts';
import { levelRow, type ReferenceRun } from './reference-run.ts';

const at = (iso: string) => Date.parse(iso) as EpochMs;
const DATA = { from: at('2017-08-17T04:00:00Z'), to: at('2022-11-01T00:00:00Z') };
/** The published test set: the last fifth of the rows, less a lookback. */
const WINDOW = { from: at('2021-10-18T17:00:00Z'), to: DATA.to };
const LOOKBACK = 24;
const SHOWN = ['n', 'RMSE', 'MAE', 'R² (misleading)'];

/** S0: hourly ETH, an LSTM of 50 and 50 units on closes scaled to 0..1 by the whole series. */
export async function runS0({ dir, epochs, seed, say }: ReferenceOptions): Promise<ReferenceRun> {
  const rows = await loadPriceRows(dir, 'ETHUSDT', '1h', DATA);
  const least = rows.close.reduce((low, close) => Math.min(low, close));
  const span = rows.close.reduce((high, close) => Math.max(high, close)) - least;
  const scale = (price: number) => (price - least) / span;
  const first = rows.openTime.findIndex((time) => time >= WINDOW.from);
  const ends = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, index) => from + index);
  const inputs = { values: Float32Array.from(rows.close, scale), columns: 1 };
  const training = ends(LOOKBACK - 1, first - LOOKBACK - 1);
  const test = ends(first, rows.close.length - 1);
  const came = Float64Array.from(test, (row) => scale(rows.close[row + 1] as number));
  const still = Float64Array.from(test, (row) => scale(rows.close[row] as number));
  const recipe = { layers: [50, 50], lookback: LOOKBACK, stepRows: 1, ahead: [1], epochs, windows: training.length, seed };
  const said = Float64Array.from((await trainLevelNetwork(inputs, training, recipe, say)).forecast(inputs, test));
  const champion = toChampionLevels(
    await runChampion({ dir, symbol: 'ETHUSDT', interval: '1h', historyFrom: DATA.from, range: WINDOW, seed }),
  );
  const scaled = (prices: Float64Array) => prices.map(scale);
  return {
    name: 'S0: hourly ETH dashboard',
    protocol: `LSTM 50-50 on the closes, scaled to 0..1 by the whole series (which tells the training the highest price to come), lookback ${LOOKBACK}, the next close; ${epochs} epochs.`,
    window: 'exactly the published one, 2021-10-18T17:00Z to 2022-10-31T23:00Z',
    metrics: SHOWN,
    rows: [
      { name: 'published', values: { RMSE: '0.0492', MAE: '0.0347' } },
      levelRow('its recipe, run here', toLevelMetrics(said, came), SHOWN),
      levelRow('the last price', toLevelMetrics(still, came), SHOWN),
      levelRow('our LSTM with context, trained before the window', toLevelMetrics(scaled(champion.said), scaled(champion.came)), SHOWN),
      levelRow('the last price at the same origins', toLevelMetrics(scaled(champion.still), scaled(champion.came)), SHOWN),
    ],
    notes: ['All errors are of prices scaled to 0..1, as published.', 'R² of the last price is above 0.99: on levels it says nothing.'],
  };
}
