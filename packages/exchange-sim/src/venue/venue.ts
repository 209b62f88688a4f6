import type { EpochMs } from '@candlecast/domain';
import type { PlantableMarket } from '../market/plantable-market.ts';
import { RecentValues } from '../market/recent-values.ts';
import type { SymbolMarket } from '../market/symbol-market.ts';
import { OrderBook } from './order-book.ts';
import type { VenueTime } from './venue-time.ts';

/** A line for whoever runs the simulator: what happened, and facts about it. */
export type SimLog = (event: string, facts?: Readonly<Record<string, unknown>>) => void;

/** The exchange as REST and streams show it. */
export interface Venue {
  readonly market: PlantableMarket;
  readonly time: VenueTime;
  readonly log: SimLog;
  bookOf(symbol: SymbolMarket): OrderBook;
}

/** A book moves four times a second, but not more often than the streams are looked at. */
const BOOK_STEP_MS = 250;
const LOOKS_PER_SECOND = 20;

/** Joins a market with its time. */
export function createVenue(market: PlantableMarket, time: VenueTime, log: SimLog): Venue {
  const perLook = (time.settings.speed * 1_000) / LOOKS_PER_SECOND;
  const stepMs = BOOK_STEP_MS * Math.ceil(Math.max(1, perLook / BOOK_STEP_MS));
  const books = new RecentValues<SymbolMarket, OrderBook>(2_000);
  return { market, time, log, bookOf: (symbol) => books.get(symbol, () => new OrderBook(symbol, stepMs)) };
}

/** Returns the exchange's word for a pair's state: BREAK before its first trade, END_OF_DAY when its recording is over. */
export function statusOf(symbol: SymbolMarket, now: EpochMs): 'TRADING' | 'BREAK' | 'END_OF_DAY' {
  if (now < symbol.firstTime) return 'BREAK';
  return symbol.endTime !== undefined && now >= symbol.endTime ? 'END_OF_DAY' : 'TRADING';
}
