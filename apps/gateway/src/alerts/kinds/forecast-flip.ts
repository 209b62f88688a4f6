import { type AlertDirection, compareDecimals, type Decimal, type Horizon, toDecimal } from '@candlecast/domain';
import type { ForecastKind } from '../alert-kind.ts';
import { DIRECTION } from '../crossing.ts';

type ForecastFlip = {
  readonly horizon: Horizon;
  readonly level: Decimal | null;
  readonly direction: AlertDirection;
  readonly rearm: Decimal;
};

const ZERO = toDecimal('0');
const ONE = toDecimal('1');
const MOST_REARM = toDecimal('0.5');
const DIGITS = 6;

/** A forecast changes its mind. */
export const forecastFlip: ForecastKind<ForecastFlip> = {
  name: 'FORECAST_FLIP',
  description:
    'The served forecast of a horizon turns: its median goes through the price at which it is issued, or its probability of a rise goes through a ' +
    'level. Forecasts are data, not financial advice.',
  from: 'forecasts',
  fields: {
    horizon: { type: 'Horizon', description: 'Of which horizon.' },
    level: {
      type: 'Decimal',
      description: 'Level of `pUp`, above 0 and below 1; absent: the direction that the median expects is looked at.',
      otherwise: null,
    },
    direction: { type: DIRECTION, description: 'Which way it turns.', otherwise: 'EITHER' },
    rearm: {
      type: 'Decimal',
      description: 'How far `pUp` has to go back before it can fire again: 0 to 0.5. Not used without `level`.',
      otherwise: '0.01',
    },
  },
  findFault({ level, rearm }) {
    if (level !== null && (compareDecimals(level, ZERO) <= 0 || compareDecimals(level, ONE) >= 0)) {
      return `level is ${level}, it must be above 0 and below 1`;
    }
    if (compareDecimals(rearm, ZERO) < 0 || compareDecimals(rearm, MOST_REARM) > 0) return `rearm is ${rearm}, it must be 0 to 0.5`;
    return undefined;
  },
  horizonOf: ({ horizon }) => horizon,
  read({ horizon, level, direction, rearm }, { pUp, quantiles, refPrice }) {
    if (level !== null) {
      const value = toDecimal(pUp.toFixed(DIGITS));
      const reason = (crossed: string) =>
        `over ${horizon} a rise has the probability ${value}, ${crossed === 'UP' ? 'above' : 'below'} ${level}`;
      return [{ name: 'pUp', value, level, margin: rearm, direction, tell: (crossed) => ({ value, level, reason: reason(crossed) }) }];
    }
    const median = quantiles.find((quantile) => quantile.level === 0.5)?.value;
    if (median === undefined) return [];
    const reason = (crossed: string) =>
      `over ${horizon} the price is expected to go ${crossed === 'UP' ? 'up' : 'down'}: median ${median}, from ${refPrice}`;
    const tell = (crossed: string) => ({ value: median, level: refPrice, reason: reason(crossed) });
    return [{ name: 'median', value: median, level: refPrice, margin: ZERO, direction, tell }];
  },
};
