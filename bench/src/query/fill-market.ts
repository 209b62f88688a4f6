import { type InstrumentId, toInstrumentId, toIso } from '@candlecast/domain';
import { createInstrumentWriter, type Database } from '@candlecast/store';
import { MARKET_START } from '../measure/made-up-market.ts';

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
const ALL_SERIES = 1_600;
const SHORT_MINUTES = 120;

/** Fills a database with series of so many minutes on the server itself, by month so that chunks stay in memory, and builds every roll-up. */
export async function fillMarket({ sessions, ...database }: Database, minutes: number): Promise<FilledMarket> {
  const ids = Array.from({ length: ALL_SERIES }, (_, index) => toInstrumentId('SIM', `Q${index}USDT`));
  await createInstrumentWriter({ sessions, ...database }).upsertInstruments(
    ids.map((id, index) => ({
      id,
      venue: 'SIM',
      symbol: `Q${index}USDT`,
      baseAsset: `Q${index}`,
      quoteAsset: 'USDT',
      tickSize: null,
      stepSize: null,
    })),
  );
  const step = 43_200;
  for (let from = 0; from < minutes; from += step) await insert(from, Math.min(from + step, minutes), 1, LONG_SERIES);
  await insert(minutes - SHORT_MINUTES, minutes, LONG_SERIES + 1, ALL_SERIES);
  await run(
    `update instrument i set first_open_time = t.first, watermark = t.last, live_since = t.first, state = 'LIVE'
     from (select instrument_id, min(open_time) as first, max(open_time) as last from candle_1m group by 1) t where i.id = t.instrument_id`,
  );
  const end = new Date(MARKET_START + (minutes + 20_160) * 60_000).toISOString();
  await run(`call candle_refresh('${toIso(MARKET_START)}', '${end}')`);
  await run('analyze');
  const rows = await sessions.run<{ id: number; name: InstrumentId }>({
    name: 'bench-keys',
    text: `select id, venue || ':' || symbol as name from instrument`,
  });
  return { long: ids.slice(0, LONG_SERIES), all: ids, keys: new Map(rows.map(({ id, name }) => [name, id])), minutes };

  function run(text: string): Promise<void> {
    return sessions.runUntimed({ name: '', text });
  }

  /** Prices and sizes with eight places from the minute and the series. */
  function insert(fromMinute: number, toMinute: number, firstSeries: number, lastSeries: number): Promise<void> {
    return run(`
      insert into candle_1m (instrument_id, open_time, open, high, low, close, base_volume, quote_volume, trade_count,
        taker_buy_base_volume, taker_buy_quote_volume, first_trade_id, last_trade_id, known_at)
      select i.id, timestamptz '${toIso(MARKET_START)}' + m * interval '1 minute', p, p + 1.50000000, p - 1.50000000, p + 0.25000000,
        (m % 977 + 1) * 0.01234567, (m % 977 + 1) * 123.45678901, 100 + m % 900, (m % 977 + 1) * 0.00617283,
        (m % 977 + 1) * 61.72839450, m * 1000::bigint, m * 1000::bigint + 99 + m % 900, timestamptz '${toIso(MARKET_START)}'
      from instrument i cross join generate_series(${fromMinute}, ${toMinute - 1}) m
      cross join lateral (select 20000.00000000 + (m * 37 + i.id * 11) % 100000 * 0.01000000 as p) price
      where substring(i.symbol from 2 for length(i.symbol) - 5)::integer between ${firstSeries - 1} and ${lastSeries - 1}
      order by 1, 2`);
  }
}
