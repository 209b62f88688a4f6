import type { EpochMs } from '@candlecast/domain';
import { trainLevelNetwork } from '../models/nets/level-network.ts';
import { runChampion, toChampionLevels } from './champion.ts';
import { toLevelMetrics } from './level-metrics.ts';
import { loadPriceRows } from './price-rows.ts';
import type { ReferenceOptions } from './reference-options.ts';
import { levelRow, type ReferenceRun } from './reference-run.ts';

const DATA = { from: Date.parse('2017-08-17T00:00:00Z') as EpochMs, to: Date.parse('2023-08-01T00:00:00Z') as EpochMs };
const LOOKBACK = 14;
const UNITS = 350;
const TRAINING_SHARE = 0.7;
const SHOWN = ['n', 'RMSE', 'MAPE (misleading)', 'R² (misleading)'];

/** S3: BTC by the day, one LSTM of 350 units. */
export async function runS3({ dir, epochs, seed, say }: ReferenceOptions): Promise<ReferenceRun> {
  const rows = await loadPriceRows(dir, 'BTCUSDT', '1d', DATA);
  const least = rows.close.reduce((low, close) => Math.min(low, close));
  const span = rows.close.reduce((high, close) => Math.max(high, close)) - least;
  const cut = Math.floor(rows.close.length * TRAINING_SHARE);
  const ends = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, index) => from + index);
  const inputs = { values: Float32Array.from(rows.close, (close) => (close - least) / span), columns: 1 };
  const training = ends(LOOKBACK - 1, cut - 1);
  const test = ends(cut, rows.close.length - 1);
  const recipe = { layers: [UNITS], lookback: LOOKBACK, stepRows: 1, ahead: [1], epochs, windows: training.length, seed };
  const said = (await trainLevelNetwork(inputs, training, recipe, say)).forecast(inputs, test);
  const price = (row: number) => rows.close[row] as number;
  const came = Float64Array.from(test, (row) => price(row + 1));
  const range = { from: rows.openTime[cut] as EpochMs, to: DATA.to };
  const champion = toChampionLevels(await runChampion({ dir, symbol: 'BTCUSDT', interval: '1d', historyFrom: DATA.from, range, seed }));
  return {
    name: 'S3: BTC by the day',
    protocol: `LSTM of ${UNITS} units on closes scaled to 0..1 by the whole series, lookback ${LOOKBACK}, 70 % training, the next close; ${epochs} epochs.`,
    window: `not the published window: from ${new Date(range.from).toISOString().slice(0, 10)} to 2023-07-31`,
    metrics: SHOWN,
    rows: [
      { name: 'published', values: {} },
      levelRow(
        'its recipe, run here',
        toLevelMetrics(
          Float64Array.from(said, (value) => least + value * span),
          came,
        ),
        SHOWN,
      ),
      levelRow('the last price', toLevelMetrics(Float64Array.from(test, price), came), SHOWN),
      levelRow('our LSTM with context, trained before the window', toLevelMetrics(champion.said, champion.came), SHOWN),
      levelRow('the last price at the same origins', toLevelMetrics(champion.still, champion.came), SHOWN),
    ],
    notes: ['RMSE is in dollars. Any daily model whose R² is below that of the last price is worse than nothing.'],
  };
}
