import { type Decimal, type EpochMs, subtractDecimals } from '@candlecast/domain';
import { toInstant } from '../market/chart-candle.ts';
import { isStale } from '../market/duration-text.ts';
import { type Direction, decimalsOf, directionOf, formatPercentChange, formatPrice, percentChange } from '../market/format-decimal.ts';
import { useMarket } from '../workspace/services.ts';
import type { MarketRow } from '../workspace/use-market-data.ts';

/** A pair's newest price, as text, with its change over 24 hours. */
export interface LastPrice {
  readonly last: Decimal | undefined;
  readonly text: string;
  readonly percent: string;
  readonly direction: Direction;
  /** The price's age when it is older than twice its cadence, else undefined. */
  readonly staleAgeMs: number | undefined;
}

/** A minute candle closes once a minute, whether or not there was a trade. */
const CADENCE_MS = 60_000;
const NONE: LastPrice = { last: undefined, text: '–', percent: '–', direction: 'flat', staleAgeMs: undefined };

/** Returns the newest price of a pair: live where the stream has brought one, else what the page was rendered with. */
export function useLastPrice({ instrument, summary, freshness }: MarketRow): LastPrice {
  const live = useMarket(({ prices }) => prices[instrument.id]);
  const renderedAt = freshness?.lastEventAt ?? summary?.lastTime;
  const knownAt = live?.knownAt ?? (renderedAt ? toInstant(renderedAt) : undefined);
  const staleAgeMs = useMarket(({ venueNow }) => staleAge(knownAt, venueNow));
  const last = live?.last ?? summary?.lastPrice;
  if (last === undefined) return NONE;
  const text = formatPrice(last, decimalsOf(instrument.tickSize));
  if (!summary?.change24h) return { ...NONE, last, text, staleAgeMs };
  const dayAgo = subtractDecimals(summary.lastPrice, summary.change24h);
  const change = percentChange(dayAgo, last);
  return { last, text, percent: formatPercentChange(dayAgo, last), direction: change ? directionOf(change) : 'flat', staleAgeMs };
}

/** Counted in whole minutes, so that a quiet row is not rendered every second. */
function staleAge(knownAt: EpochMs | undefined, venueNow: EpochMs | undefined): number | undefined {
  if (knownAt === undefined || venueNow === undefined || !isStale(venueNow - knownAt, CADENCE_MS)) return undefined;
  return Math.floor((venueNow - knownAt) / CADENCE_MS) * CADENCE_MS;
}
