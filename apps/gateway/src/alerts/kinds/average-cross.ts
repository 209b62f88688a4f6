import { type AlertDirection, compareDecimals, type Decimal, type Interval, multiplyDecimals, toDecimal } from '@candlecast/domain';
import type { CandleKind } from '../alert-kind.ts';
import { DIRECTION } from '../crossing.ts';
import { AVERAGE, type AverageKind, averageOf, candlesFor } from '../indicators.ts';

type AverageCross = {
  readonly average: AverageKind;
  readonly fast: number;
  readonly slow: number;
  readonly interval: Interval;
  readonly direction: AlertDirection;
  readonly rearm: Decimal;
};

const ZERO = toDecimal('0');
const HUNDREDTH = toDecimal('0.01');
const MOST_REARM = toDecimal('50');
const LONGEST = 200;

/** A fast average goes through a slow one. */
export const averageCross: CandleKind<AverageCross> = {
  name: 'AVERAGE_CROSS',
  description: 'A fast average of closes goes through a slow one, at the close of a candle.',
  from: 'candles',
  fields: {
    average: { type: AVERAGE, description: 'How closes are averaged.', otherwise: 'EMA' },
    fast: { type: 'Int', description: 'Candles of the fast average: at least 1, fewer than the slow one’s.' },
    slow: { type: 'Int', description: `Candles of the slow average: at most ${LONGEST}.` },
    interval: { type: 'Interval', description: 'Of candles of which interval.' },
    direction: { type: DIRECTION, description: 'Which way the fast one goes through the slow one.', otherwise: 'EITHER' },
    rearm: {
      type: 'Decimal',
      description: 'How far apart they have to be before it can fire again, in percent of the slow average: 0 to 50.',
      otherwise: '0',
    },
  },
  findFault({ fast, slow, rearm }) {
    if (fast < 1 || fast >= slow) return `fast is ${fast}, it must be at least 1 and less than slow, which is ${slow}`;
    if (slow > LONGEST) return `slow is ${slow}, it must be at most ${LONGEST}`;
    if (compareDecimals(rearm, ZERO) < 0 || compareDecimals(rearm, MOST_REARM) > 0) return `rearm is ${rearm}, it must be 0 to 50 percent`;
    return undefined;
  },
  seriesOf: ({ average, slow, interval }) => ({ interval, count: candlesFor(average, slow) }),
  read({ average, fast, slow, interval, direction, rearm }, candles) {
    const value = averageOf(average, fast, candles);
    const level = averageOf(average, slow, candles);
    if (value === undefined || level === undefined) return [];
    const margin = multiplyDecimals(multiplyDecimals(level, rearm), HUNDREDTH);
    const tell = (crossed: string) => ({
      value,
      level,
      reason: `${average}(${fast}) of ${interval} is ${value}, ${crossed === 'UP' ? 'above' : 'below'} ${average}(${slow}), ${level}`,
    });
    return [{ name: 'average', value, level, margin, direction, tell }];
  },
};
