import { type AlertDirection, compareDecimals, type Decimal, multiplyDecimals, toDecimal } from '@candlecast/domain';
import type { CandleKind } from '../alert-kind.ts';
import { DIRECTION } from '../crossing.ts';

type PriceLevel = { readonly level: Decimal; readonly direction: AlertDirection; readonly rearm: Decimal };

const ZERO = toDecimal('0');
const HUNDREDTH = toDecimal('0.01');
const MOST_REARM = toDecimal('50');

/** The price goes through a level. */
export const priceLevel: CandleKind<PriceLevel> = {
  name: 'PRICE_LEVEL',
  description: 'The price goes through a level, by the closes of minutes.',
  from: 'candles',
  fields: {
    level: { type: 'Decimal', description: 'The price, above 0.' },
    direction: { type: DIRECTION, description: 'Which way through it.', otherwise: 'EITHER' },
    rearm: {
      type: 'Decimal',
      description: 'How far the price has to go back before it can fire again, in percent of the level: 0 to 50.',
      otherwise: '0.1',
    },
  },
  findFault({ level, rearm }) {
    if (compareDecimals(level, ZERO) <= 0) return `level is ${level}, it must be above 0`;
    if (compareDecimals(rearm, ZERO) < 0 || compareDecimals(rearm, MOST_REARM) > 0) return `rearm is ${rearm}, it must be 0 to 50 percent`;
    return undefined;
  },
  seriesOf: () => ({ interval: '1m', count: 1 }),
  read({ level, direction, rearm }, candles) {
    const close = candles.at(-1)?.close;
    if (close === undefined) return [];
    const margin = multiplyDecimals(multiplyDecimals(level, rearm), HUNDREDTH);
    const tell = (crossed: string) => ({
      value: close,
      level,
      reason: `the minute closed at ${close}, ${crossed === 'UP' ? 'above' : 'below'} ${level}`,
    });
    return [{ name: 'price', value: close, level, margin, direction, tell }];
  },
};
