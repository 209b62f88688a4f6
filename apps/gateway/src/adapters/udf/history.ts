import { AppError, ceilToInterval, intervalMs, SECOND_MS } from '@candlecast/domain';
import type { Services } from '../../context.ts';
import { pointsOfRows } from '../../guard/toll.ts';
import { loadInstrument } from '../../market/find-instruments.ts';
import { loadBars } from '../../market/load-bars.ts';
import { toPageSize } from '../../schema/page-size.ts';
import type { AdapterCall } from '../adapter.ts';
import { findInteger, findUnixTime, loadInterval, loadText } from '../parameters.ts';

/** More would be RANGE_TOO_LARGE; beyond this the number itself is wrong. */
const MOST_COUNTBACK = 1_000_000;

/** Bars in the table form of the protocol: columns of equal length, times in unix seconds, oldest first. */
export type UdfHistory =
  | { readonly s: 'no_data'; readonly nextTime?: number }
  | {
      readonly s: 'ok';
      readonly t: readonly number[];
      readonly o: readonly (number | null)[];
      readonly h: readonly (number | null)[];
      readonly l: readonly (number | null)[];
      readonly c: readonly (number | null)[];
      readonly v: readonly (number | null)[];
    };

/**
 * Reads bars as `/history` asks for them: those that open in [from, to), or with `countback` the newest so many before `to`, which counts
 * for more than `from`. Without any it says `no_data` and in `nextTime` where the newest older bar lies.
 */
export async function loadHistory(services: Services, { parameters, pay }: Pick<AdapterCall, 'parameters' | 'pay'>): Promise<UdfHistory> {
  const symbol = loadText(parameters, 'symbol');
  const interval = loadInterval(parameters, 'resolution');
  const countback = findInteger(parameters, 'countback', 1, MOST_COUNTBACK);
  const start = findUnixTime(parameters, 'from');
  const end = findUnixTime(parameters, 'to');
  if (end === undefined) throw new AppError('BAD_USER_INPUT', 'the parameter to is missing');
  if (start === undefined && countback === undefined) throw new AppError('BAD_USER_INPUT', 'the parameter from or countback is missing');
  if (countback === undefined && start !== undefined && start > end) throw new AppError('BAD_USER_INPUT', 'from lies after to');
  const from = start === undefined ? undefined : ceilToInterval(start, interval);
  const to = ceilToInterval(end, interval);
  const rows = countback ?? Math.max(0, (to - (from ?? to)) / intervalMs(interval));
  await pay(pointsOfRows(toPageSize(countback === undefined ? 'the range in bars' : 'countback', rows)));

  const { columns, nextTime } = await loadBars(services.candles, {
    instrument: await loadInstrument(services, symbol),
    interval,
    from,
    to,
    countback,
  });
  if (columns.t.length === 0) return { s: 'no_data', ...(nextTime === undefined ? {} : { nextTime: nextTime / SECOND_MS }) };
  return { s: 'ok', ...columns };
}
