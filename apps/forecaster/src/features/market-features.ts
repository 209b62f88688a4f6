import { type BarSchema, instrumentColumns, marketColumns, OWN_SEQUENCE_COLUMNS, SEQUENCE_COLUMNS } from './bar-schema.ts';
import type { InstrumentFeatures } from './instrument-features.ts';
import { createRollingMeans } from './rolling-means.ts';

/** What every instrument is told of the market at one close: the leader's own features and the means over a basket. */
export interface MarketFeatures {
  /** Takes the features of the leader and of the basket (the leader among them) after they have all taken the bar of one open time. */
  push(leader: InstrumentFeatures, basket: readonly InstrumentFeatures[]): void;
  /** Values in the order of `marketColumns`; NaN where not known. Overwritten by the next `push`. */
  readonly context: Float64Array;
  /** The values of SEQUENCE_COLUMNS after the instrument's own. Overwritten by the next `push`. */
  readonly sequence: Float64Array;
}

/** The span of `fast` over which market returns are summed and ranges are smoothed. */
const SMOOTH = 1;

/** Returns market features that have seen no bar yet. */
export function createMarketFeatures(schema: BarSchema): MarketFeatures {
  const names = instrumentColumns(schema);
  const span = schema.fast[SMOOTH] as number;
  const columnOf = (name: string) => names.indexOf(name);
  const leaderColumns = [
    ...schema.fast.flatMap((bars) => [columnOf(`range${bars}`), columnOf(`momentum${bars}`)]),
    columnOf(`volume${schema.fast[0]}`),
    columnOf(`imbalance${schema.fast[0]}`),
  ];
  const context = new Float64Array(marketColumns(schema).length);
  const sequence = new Float64Array(SEQUENCE_COLUMNS.length - OWN_SEQUENCE_COLUMNS);
  const returns = createRollingMeans([span]);
  const ranges = createRollingMeans([span]);

  return {
    context,
    sequence,
    push(leader, basket) {
      const marketReturn = meanOf(basket, 0);
      const marketRange = meanOf(basket, 1);
      returns.push(marketReturn);
      ranges.push(marketRange);
      const told = (values: Float64Array, column: number) => (leader.isKnown() ? (values[column] as number) : Number.NaN);
      leaderColumns.forEach((column, index) => {
        context[index] = told(leader.context, column);
      });
      context.set([marketReturn, returns.mean(0) * Math.sqrt(span), marketRange, ranges.mean(0)], leaderColumns.length);
      sequence.set([told(leader.sequence, 0), told(leader.sequence, 1), marketReturn]);
    },
  };
}

/** Returns the mean of a column of the sequence over those whose newest bar is there and that know it; NaN when none does. */
function meanOf(basket: readonly InstrumentFeatures[], column: number): number {
  let sum = 0;
  let count = 0;
  for (const features of basket) {
    const value = features.isKnown() ? (features.sequence[column] as number) : Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}
