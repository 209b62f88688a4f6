import type { InstrumentId } from '@candlecast/domain';
import type { Database } from '@candlecast/store';
import { insertMinutes, listSeries, MARKET_SERIES, refreshAll } from '../measure/server-market.ts';

/** What is stored: long series to page through, and many short ones beside them. */
export interface FilledMarket {
  readonly long: readonly InstrumentId[];
  readonly all: readonly InstrumentId[];
  /** Their ids in the tables. */
  readonly keys: ReadonlyMap<InstrumentId, number>;
  readonly minutes: number;
}

const LONG_SERIES = 40;
/** 40 series of as many minutes are 25 million rows. */
export const LONG_MINUTES = 624_000;
const SHORT_MINUTES = 120;

/** Fills a database with series of so many minutes on the server itself, by month so that chunks stay in memory, and builds every roll-up. */
export async function fillMarket(database: Database, minutes: number): Promise<FilledMarket> {
  const { sessions } = database;
  const ids = await listSeries(database);
  const step = 43_200;
  for (let from = 0; from < minutes; from += step) await insertMinutes(sessions, from, Math.min(from + step, minutes), 1, LONG_SERIES);
  await insertMinutes(sessions, minutes - SHORT_MINUTES, minutes, LONG_SERIES + 1, MARKET_SERIES);
  await refreshAll(sessions, minutes);
  const rows = await sessions.run<{ id: number; name: InstrumentId }>({
    name: 'bench-keys',
    text: `select id, venue || ':' || symbol as name from instrument`,
  });
  return { long: ids.slice(0, LONG_SERIES), all: ids, keys: new Map(rows.map(({ id, name }) => [name, id])), minutes };
}
