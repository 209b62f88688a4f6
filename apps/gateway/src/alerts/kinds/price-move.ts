import {
  type AlertDirection,
  compareDecimals,
  type Decimal,
  divideDecimals,
  MINUTE_MS,
  multiplyDecimals,
  subtractDecimals,
  toDecimal,
} from '@candlecast/domain';
import type { CandleKind, Reading } from '../alert-kind.ts';
import { DIRECTION } from '../crossing.ts';

type PriceMove = {
  readonly percent: Decimal;
  readonly windowMinutes: number;
  readonly direction: AlertDirection;
  readonly rearm: Decimal;
};

const ZERO = toDecimal('0');
const HUNDRED = toDecimal('100');
const MOST_PERCENT = toDecimal('1000');
const MOST_MINUTES = 1_440;
/** Where the window begins in a gap, it begins with the last close before: up to so many minutes earlier. */
const SLACK_MINUTES = 5;

/** The price has moved by so much within a window. */
export const priceMove: CandleKind<PriceMove> = {
  name: 'PRICE_MOVE',
  description: 'The price has moved by more than so many percent within a window, by the closes of minutes.',
  from: 'candles',
  fields: {
    percent: {
      type: 'Decimal',
      description: 'By more than how many percent of the price at the window’s beginning: above 0, up to 1,000.',
    },
    windowMinutes: { type: 'Int', description: `Length of the window in minutes, 1 to ${MOST_MINUTES}.` },
    direction: { type: DIRECTION, description: 'Which way.', otherwise: 'EITHER' },
    rearm: {
      type: 'Decimal',
      description: 'How far the move has to go back below `percent` before it can fire again, in percentage points: 0 up to `percent`.',
      otherwise: '0.1',
    },
  },
  findFault({ percent, windowMinutes, rearm }) {
    if (compareDecimals(percent, ZERO) <= 0 || compareDecimals(percent, MOST_PERCENT) > 0) {
      return `percent is ${percent}, it must be above 0 and at most 1000`;
    }
    if (windowMinutes < 1 || windowMinutes > MOST_MINUTES) return `windowMinutes is ${windowMinutes}, it must be 1 to ${MOST_MINUTES}`;
    if (compareDecimals(rearm, ZERO) < 0 || compareDecimals(rearm, percent) > 0) {
      return `rearm is ${rearm}, it must be 0 to ${percent} percentage points`;
    }
    return undefined;
  },
  seriesOf: ({ windowMinutes }) => ({ interval: '1m', count: windowMinutes + 1 + SLACK_MINUTES }),
  read({ percent, windowMinutes, direction, rearm }, candles) {
    const last = candles.at(-1);
    const first = last && candles.findLast(({ openTime }) => openTime <= last.openTime - windowMinutes * MINUTE_MS);
    if (!last || !first) return [];
    // Everything times the first price: nothing is divided, nothing rounded, before it is compared.
    const rise = multiplyDecimals(subtractDecimals(last.close, first.close), HUNDRED);
    const level = multiplyDecimals(percent, first.close);
    const margin = multiplyDecimals(rearm, first.close);
    const tell = () => {
      const moved = divideDecimals(rise, first.close, 4);
      const isRise = compareDecimals(rise, ZERO) > 0;
      return {
        value: moved,
        level: isRise ? percent : subtractDecimals(ZERO, percent),
        reason: `from ${first.close} to ${last.close} within ${windowMinutes} minutes: ${moved} percent, more than ${percent}`,
      };
    };
    const up: Reading = { name: 'up', value: rise, level, margin, direction: 'UP', tell };
    const down: Reading = { ...up, name: 'down', value: subtractDecimals(ZERO, rise), tell };
    return direction === 'EITHER' ? [up, down] : direction === 'UP' ? [up] : [down];
  },
};
