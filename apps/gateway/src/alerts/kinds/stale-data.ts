import { type Decimal, floorToInterval, type Interval, intervalMs, SECOND_MS, toDecimal } from '@candlecast/domain';
import type { MomentKind, Reading } from '../alert-kind.ts';

type StaleData = { readonly interval: Interval; readonly intervals: number; readonly feed: boolean };

const ZERO = toDecimal('0');
const HALF = toDecimal('0.5');
const ONE = toDecimal('1');
const MOST_INTERVALS = 1_000;
/** So long a close may be on its way. */
const GRACE_MS = 10 * SECOND_MS;

/** Data that should come does not. */
export const staleData: MomentKind<StaleData> = {
  name: 'STALE_DATA',
  description:
    'No candle has closed for so many intervals (and ten seconds), or the feed of the venue is not live. Fires once, and again only after data has ' +
    'come again.',
  from: 'moments',
  fields: {
    interval: { type: 'Interval', description: 'Candles of which interval.', otherwise: '1m' },
    intervals: { type: 'Int', description: `For how many of them none has closed: 1 to ${MOST_INTERVALS}.`, otherwise: 3 },
    feed: { type: 'Boolean', description: 'Whether it also fires when the feed is not live.', otherwise: true },
  },
  findFault({ intervals }) {
    return intervals < 1 || intervals > MOST_INTERVALS ? `intervals is ${intervals}, it must be 1 to ${MOST_INTERVALS}` : undefined;
  },
  read({ interval, intervals, feed }, moment) {
    const closeTime = moment.lastCloseTime === undefined ? undefined : floorToInterval(moment.lastCloseTime, interval);
    const silentMs = closeTime === undefined ? 0 : Math.max(0, moment.now - closeTime);
    const value = toSeconds(silentMs);
    const level = toSeconds(intervals * intervalMs(interval) + GRACE_MS);
    const readings: Reading[] = [];
    if (closeTime !== undefined) {
      const reason = `no ${interval} candle has closed for ${value} s`;
      readings.push({ ...UP, name: 'candles', value, level, tell: () => ({ value, level, reason }) });
    }
    if (feed && moment.feed) {
      const { venue, state, detail } = moment.feed;
      const reason = `the feed of ${venue} is ${state}${detail === null ? '' : `: ${detail}`}`;
      readings.push({ ...UP, name: 'feed', value: state === 'LIVE' ? ZERO : ONE, level: HALF, tell: () => ({ value, level, reason }) });
    }
    return readings;
  },
};

/** It fires also where it is stale already when it is first looked at. */
const UP = { margin: ZERO, direction: 'UP', before: 'BELOW' } as const;

function toSeconds(ms: number): Decimal {
  return toDecimal((ms / SECOND_MS).toFixed(3));
}
