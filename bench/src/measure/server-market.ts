import { type InstrumentId, toInstrumentId, toIso } from '@candlecast/domain';
import { createInstrumentWriter, type Database } from '@candlecast/store';
import { MARKET_START } from './made-up-market.ts';

/** How many pairs the exchange lists. */
export const MARKET_SERIES = 1_600;

/** Lists 1,600 instruments and returns their ids in order. */
export async function listSeries(database: Database): Promise<InstrumentId[]> {
  const symbols = Array.from({ length: MARKET_SERIES }, (_, index) => `Q${index}USDT`);
  const ids = symbols.map((symbol) => toInstrumentId('SIM', symbol));
  const rules = { quoteAsset: 'USDT', tickSize: null, stepSize: null };
  await createInstrumentWriter(database).upsertInstruments(
    symbols.map((symbol, index) => ({ id: toInstrumentId('SIM', symbol), venue: 'SIM', symbol, baseAsset: `Q${index}`, ...rules })),
  );
  return ids;
}

/** Makes minutes [from, to) of the first to the last series (from 1 on) on the server itself: prices and sizes with eight places. */
export function insertMinutes(
  sessions: Database['sessions'],
  fromMinute: number,
  toMinute: number,
  firstSeries: number,
  lastSeries: number,
): Promise<void> {
  return sessions.runUntimed({
    name: '',
    text: `
      insert into candle_1m (instrument_id, open_time, open, high, low, close, base_volume, quote_volume, trade_count,
        taker_buy_base_volume, taker_buy_quote_volume, first_trade_id, last_trade_id, known_at)
      select i.id, timestamptz '${toIso(MARKET_START)}' + m * interval '1 minute', p, p + 1.50000000, p - 1.50000000, p + 0.25000000,
        (m % 977 + 1) * 0.01234567, (m % 977 + 1) * 123.45678901, 100 + m % 900, (m % 977 + 1) * 0.00617283,
        (m % 977 + 1) * 61.72839450, m * 1000::bigint, m * 1000::bigint + 99 + m % 900, timestamptz '${toIso(MARKET_START)}'
      from instrument i cross join generate_series(${fromMinute}, ${toMinute - 1}) m
      cross join lateral (select 20000.00000000 + (m * 37 + i.id * 11) % 100000 * 0.01000000 as p) price
      where substring(i.symbol from 2 for length(i.symbol) - 5)::integer between ${firstSeries - 1} and ${lastSeries - 1}
      order by 1, 2`,
  });
}

/** Makes all series live with what is stored of them, and brings their roll-ups up to date as maintenance does. */
export async function refreshAll(sessions: Database['sessions'], minutes: number): Promise<void> {
  const run = (text: string) => sessions.runUntimed({ name: '', text });
  await run(
    `update instrument i set first_open_time = t.first, watermark = t.last, live_since = t.first, state = 'LIVE'
     from (select instrument_id, min(open_time) as first, max(open_time) as last from candle_1m group by 1) t where i.id = t.instrument_id`,
  );
  const end = new Date(MARKET_START + (minutes + 20_160) * 60_000).toISOString();
  await run(`call candle_refresh('${toIso(MARKET_START)}', '${end}')`);
  await run('analyze');
}
