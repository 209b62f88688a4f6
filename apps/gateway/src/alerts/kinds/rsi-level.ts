import { type AlertDirection, compareDecimals, type Decimal, type Interval, toDecimal } from '@candlecast/domain';
import type { CandleKind } from '../alert-kind.ts';
import { DIRECTION } from '../crossing.ts';
import { candlesFor, rsiOf } from '../indicators.ts';

type RsiLevel = {
  readonly level: Decimal;
  readonly period: number;
  readonly interval: Interval;
  readonly direction: AlertDirection;
  readonly rearm: Decimal;
};

const ZERO = toDecimal('0');
const HUNDRED = toDecimal('100');
const MOST_REARM = toDecimal('50');
const LONGEST = 100;

/** The relative strength index goes through a level. */
export const rsiLevel: CandleKind<RsiLevel> = {
  name: 'RSI_LEVEL',
  description: 'Wilder’s relative strength index goes through a level, at the close of a candle.',
  from: 'candles',
  fields: {
    level: { type: 'Decimal', description: 'The level: above 0, below 100.' },
    period: { type: 'Int', description: `Candles of the index: 2 to ${LONGEST}.`, otherwise: 14 },
    interval: { type: 'Interval', description: 'Of candles of which interval.' },
    direction: { type: DIRECTION, description: 'Which way through the level.', otherwise: 'EITHER' },
    rearm: {
      type: 'Decimal',
      description: 'How far the index has to go back before it can fire again, in points: 0 to 50.',
      otherwise: '1',
    },
  },
  findFault({ level, period, rearm }) {
    if (compareDecimals(level, ZERO) <= 0 || compareDecimals(level, HUNDRED) >= 0)
      return `level is ${level}, it must be above 0 and below 100`;
    if (period < 2 || period > LONGEST) return `period is ${period}, it must be 2 to ${LONGEST}`;
    if (compareDecimals(rearm, ZERO) < 0 || compareDecimals(rearm, MOST_REARM) > 0) return `rearm is ${rearm}, it must be 0 to 50 points`;
    return undefined;
  },
  seriesOf: ({ period, interval }) => ({ interval, count: candlesFor('RSI', period) }),
  read({ level, period, interval, direction, rearm }, candles) {
    const value = rsiOf(period, candles);
    if (value === undefined) return [];
    const tell = (crossed: string) => ({
      value,
      level,
      reason: `RSI(${period}) of ${interval} is ${value}, ${crossed === 'UP' ? 'above' : 'below'} ${level}`,
    });
    return [{ name: 'rsi', value, level, margin: rearm, direction, tell }];
  },
};
