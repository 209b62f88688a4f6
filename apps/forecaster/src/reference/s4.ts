import type { EpochMs } from '@candlecast/domain';
import * as tf from '@tensorflow/tfjs-core';
import { loadBars } from '../dataset/load-bars.ts';
import { fitRows, scaleRows } from '../models/context-scaler.ts';
import { prepareTensorflow } from '../models/lstm/tensorflow.ts';
import { createAdamW } from '../models/nets/adam-w.ts';
import { fusedDense } from '../models/nets/fused-dense.ts';
import { denseLayer, filled, glorot } from '../models/nets/net-body.ts';
import { createRandom } from '../models/random.ts';
import { runChampion, toChampionDirections } from './champion.ts';
import type { ReferenceOptions } from './reference-options.ts';
import type { ReferenceRow, ReferenceRun } from './reference-run.ts';

/** Inputs [rows, columns] and, by horizon, whether the price rose. */
export interface DirectionTable {
  readonly columns: number;
  readonly inputs: Float32Array;
  readonly isUp: Float32Array;
}

const RANGE = { from: Date.parse('2022-09-01T00:00:00Z') as EpochMs, to: Date.parse('2023-05-01T00:00:00Z') as EpochMs };
/** In bars of 15 minutes. */
const HORIZONS = [2, 4, 8, 16, 24, 48] as const;
const NAMES = ['30m', '1h', '2h', '4h', '6h', '12h'] as const;
const PUBLISHED = ['65', '79', '87', '83', '85', '85'] as const;
const MOMENTUM = [1, 2, 4, 8, 16, 32, 64, 96] as const;
/** Bars back at which the log price itself is shown, as published: what a network tells neighbouring windows by. */
const LEVELS = [0, 16, 32, 64, 96] as const;
const WINDOWS = 20_000;
const TEST_SHARE = 0.2;
const BATCH = 256;
const LEARNING_RATE = 2e-3;
const LIMIT = 6;

/** S4: the direction over six horizons by a feed-forward network, once with windows shuffled and once in time order with a purge. */
export async function runS4({ dir, epochs, seed, say }: ReferenceOptions): Promise<ReferenceRun> {
  await prepareTensorflow();
  const { series } = await loadBars({ dir, interval: '15m', symbols: ['BTCUSDT'], range: RANGE });
  const table = toDirectionTable(series[0]?.columns.logClose ?? new Float64Array());
  const { shuffled, purged } = splits(table.isUp.length / HORIZONS.length, seed);
  const train = (split: Split) => accuracies(table, split, epochs, seed, say);
  const line = (name: string, shares: readonly number[]): ReferenceRow => ({
    name,
    values: Object.fromEntries(
      NAMES.map((horizon, h) => [horizon, Number.isFinite(shares[h]) ? (100 * (shares[h] as number)).toFixed(1) : '—']),
    ),
  });
  const rows = [
    line('feed-forward network, windows shuffled', train(shuffled)),
    line('the same, in time order with a purge', train(purged)),
  ];
  const from = (RANGE.from + Math.floor((RANGE.to - RANGE.from) * (1 - TEST_SHARE))) as EpochMs;
  const champion = await runChampion({
    dir,
    symbol: 'BTCUSDT',
    interval: '30m',
    historyFrom: Date.parse('2022-01-01T00:00:00Z') as EpochMs,
    range: { from, to: RANGE.to },
    seed,
  });
  return {
    name: 'S4: six directions',
    protocol: `Feed-forward network of 128 and 64 units on momentum over ${MOMENTUM.join(', ')} bars of 15 minutes and on log prices up to a day back; accuracy of the direction, %; ${epochs} epochs.`,
    window: 'not the published window: BTC, 2022-09-01 to 2023-04-30, the last fifth',
    metrics: NAMES,
    rows: [
      { name: 'published', values: Object.fromEntries(NAMES.map((horizon, h) => [horizon, PUBLISHED[h] as string])) },
      ...rows,
      line('our LSTM with context, trained before the window', toChampionDirections(champion)),
      line(
        'a coin',
        NAMES.map(() => 0.5),
      ),
    ],
    notes: [
      'Shuffling puts windows that overlap a test window, outcome included, into training: what rises with the horizon is the overlap.',
    ],
  };
}

/** Returns one row for every bar with its whole momentum and outcomes, the newest 20,000. Columns: momentum, then log prices. */
export function toDirectionTable(closes: Float64Array): DirectionTable {
  const longest = Math.max(...HORIZONS);
  const bars = [...closes.keys()]
    .filter((bar) => bar >= Math.max(...MOMENTUM) && !Number.isNaN(closes[bar + longest] ?? Number.NaN))
    .slice(-WINDOWS);
  const isWhole = (bar: number) =>
    [...MOMENTUM.map((span) => bar - span), ...HORIZONS.map((span) => bar + span), bar].every(
      (row) => !Number.isNaN(closes[row] as number),
    );
  const kept = bars.filter(isWhole);
  const columns = MOMENTUM.length + LEVELS.length;
  const close = (bar: number) => closes[bar] as number;
  return {
    columns,
    inputs: Float32Array.from({ length: kept.length * columns }, (_, index) => {
      const bar = kept[Math.floor(index / columns)] as number;
      const span = MOMENTUM[index % columns];
      const back = LEVELS[(index % columns) - MOMENTUM.length] ?? 0;
      return span === undefined ? close(bar - back) : close(bar) - close(bar - span);
    }),
    isUp: Float32Array.from({ length: kept.length * HORIZONS.length }, (_, index) => {
      const bar = kept[Math.floor(index / HORIZONS.length)] as number;
      return close(bar + (HORIZONS[index % HORIZONS.length] as number)) > close(bar) ? 1 : 0;
    }),
  };
}

interface Split {
  readonly training: Uint32Array;
  readonly test: Uint32Array;
}

function splits(rows: number, seed: number): { shuffled: Split; purged: Split } {
  const all = Uint32Array.from({ length: rows }, (_, index) => index);
  const mixed = all.slice();
  createRandom(seed).shuffle(mixed);
  const cut = Math.floor(rows * (1 - TEST_SHARE));
  const purge = Math.max(...HORIZONS) + Math.max(...MOMENTUM);
  return {
    shuffled: { training: mixed.subarray(0, cut), test: mixed.subarray(cut) },
    purged: { training: all.subarray(0, cut - purge), test: all.subarray(cut) },
  };
}

/** Trains on a split and returns the accuracy on its test rows, by horizon. */
function accuracies(
  table: DirectionTable,
  { training, test }: Split,
  epochs: number,
  seed: number,
  say: ReferenceOptions['say'],
): number[] {
  const random = createRandom(seed);
  const first = denseLayer(table.columns, 128, 0, random);
  const second = denseLayer(128, 64, 0, random);
  const [kernel, bias] = [glorot(64, HORIZONS.length, random), filled([HORIZONS.length])];
  const variables = [...first.variables, ...second.variables, kernel, bias];
  const optimizer = createAdamW(variables, 0, 10);
  const scaled = scaleRows(table.inputs, fitRows(table.inputs, table.columns, training), LIMIT);
  const logits = (rows: Uint32Array) => {
    const x = Float32Array.from(
      { length: rows.length * table.columns },
      (_, index) => scaled[(rows[Math.floor(index / table.columns)] as number) * table.columns + (index % table.columns)] as number,
    );
    const input = tf.tensor2d(x, [rows.length, table.columns]);
    return fusedDense(second.apply(first.apply(input, undefined), undefined), kernel, bias);
  };
  const isUp = (rows: Uint32Array) =>
    Float32Array.from(
      { length: rows.length * HORIZONS.length },
      (_, index) =>
        table.isUp[(rows[Math.floor(index / HORIZONS.length)] as number) * HORIZONS.length + (index % HORIZONS.length)] as number,
    );
  const order = training.slice();
  for (let epoch = 1; epoch <= epochs; epoch++) {
    random.shuffle(order);
    let total = 0;
    for (let from = 0; from < order.length; from += BATCH) {
      const rows = order.subarray(from, from + BATCH);
      tf.tidy(() => {
        const y = tf.tensor2d(isUp(rows), [rows.length, HORIZONS.length]);
        const { value, grads } = tf.variableGrads(() => {
          const z = logits(rows);
          return tf.mean(tf.sub(tf.softplus(z), tf.mul(z, y))) as tf.Scalar;
        }, variables as tf.Variable[]);
        optimizer.step(grads, LEARNING_RATE);
        total += (value.dataSync()[0] ?? Number.NaN) * rows.length;
      });
    }
    say(epoch, total / order.length);
  }
  const said = tf.tidy(() => logits(test).dataSync<'float32'>());
  const came = isUp(test);
  for (const variable of variables) variable.dispose();
  return HORIZONS.map((_, h) => {
    let hits = 0;
    for (let row = 0; row < test.length; row++)
      if ((said[row * HORIZONS.length + h] as number) > 0 === (came[row * HORIZONS.length + h] === 1)) hits += 1;
    return hits / test.length;
  });
}
