import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '@candlecast/domain';

const FIXED_MS = {
  '1s': SECOND_MS,
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '1w': 7 * DAY_MS,
} as const;

/** The exchange's intervals. Case matters: `1m` is a minute, `1M` a month. */
export type KlineInterval = keyof typeof FIXED_MS | '1M';

/** 1970-01-05, the first Monday: weeks open on Mondays. Three-day klines are counted from 1970-01-01. */
const FIRST_MONDAY = 4 * DAY_MS;

/** Returns the interval of that name, or undefined. */
export function parseKlineInterval(text: string): KlineInterval | undefined {
  return text === '1M' || Object.hasOwn(FIXED_MS, text) ? (text as KlineInterval) : undefined;
}

/** Returns the open time of the kline that contains `time`. `offsetMs` shifts its borders: days begin at midnight of that time zone. */
export function openTimeOf(interval: KlineInterval, time: EpochMs, offsetMs = 0): EpochMs {
  const local = time + offsetMs;
  if (interval === '1M') {
    const date = new Date(local);
    return (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) - offsetMs) as EpochMs;
  }
  const origin = interval === '1w' ? FIRST_MONDAY : 0;
  const step = FIXED_MS[interval];
  return (origin + Math.floor((local - origin) / step) * step - offsetMs) as EpochMs;
}

/** Returns the open time of the kline after the one that opens at `openTime`. */
export function nextOpenTime(interval: KlineInterval, openTime: EpochMs, offsetMs = 0): EpochMs {
  if (interval !== '1M') return (openTime + FIXED_MS[interval]) as EpochMs;
  const date = new Date(openTime + offsetMs);
  return (Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - offsetMs) as EpochMs;
}

/** Reads a time zone such as `8`, `-1`, `05:30` or `+08:00`, from -12:00 to +14:00, as milliseconds; undefined when it is none. */
export function parseTimeZone(text: string): number | undefined {
  const [, sign, hours, minutes = '0'] = /^([+-]?)(\d{1,2})(?::([0-5]\d))?$/.exec(text) ?? [];
  if (hours === undefined) return undefined;
  const size = Number.parseInt(hours, 10) * HOUR_MS + Number.parseInt(minutes, 10) * MINUTE_MS;
  const offset = sign === '-' ? -size : size;
  return offset >= -12 * HOUR_MS && offset <= 14 * HOUR_MS ? offset : undefined;
}
