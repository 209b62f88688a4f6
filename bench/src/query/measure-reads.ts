import { ALL_TIME, type CandleQuery, INTERVALS, type InstrumentId, type Interval, intervalMs, toIso } from '@candlecast/domain';
import { createCandleReader, type Database } from '@candlecast/store';
import { MARKET_START } from '../measure/made-up-market.ts';
import type { Report } from '../measure/report.ts';
import { percentile, repeat, timeEach } from '../measure/timing.ts';
import { explainEach } from './explain-reads.ts';
import type { FilledMarket } from './fill-market.ts';

const PAGE = 1_000;
const READS = 120;

/**
 * Measures pages of the newest 1,000 candles of every interval, and of pages in the past: the part of the database by its own clock, the whole
 * read until its candles are in Node, and beside it SQL by hand on the same rows.
 */
export async function measureReads(database: Database, market: FilledMarket, report: Report): Promise<void> {
  const { sessions, take } = explainEach(database.sessions);
  const [reader, explained] = [createCandleReader(database), createCandleReader({ sessions })];
  const idOf = (index: number) => need(market.long[(index * 7) % market.long.length]);
  const row = (what: string, values: readonly number[], goal?: { atMost: number }) => {
    report.figure({ what: `${database.tier} ${what}, p50`, value: percentile(values, 0.5), unit: 'ms' });
    report.figure({ what: `${database.tier} ${what}, p95`, value: percentile(values, 0.95), unit: 'ms', ...(goal && { goal }) });
  };
  for (const interval of INTERVALS) {
    const pages: Readonly<Record<string, (index: number) => CandleQuery>> = {
      'newest 1,000': (index) => ({ interval, limit: PAGE, take: 'newest', instrumentId: idOf(index), range: ALL_TIME }),
      '1,000 in the past': (index) => ({
        interval,
        limit: PAGE,
        take: 'newest',
        instrumentId: idOf(index),
        range: { from: ALL_TIME.from, to: pastEnd(market, interval, index) },
      }),
    };
    for (const [what, query] of Object.entries(pages)) {
      const inDatabase = await warmed((index) => explained.findCandles(query(index)).then(take));
      row(`${interval}: ${what}, in the database`, inDatabase, { atMost: 10 });
      row(`${interval}: ${what}, in Node`, await timed((index) => reader.findCandles(query(index))));
    }
    row(`${interval}: the same rows by hand, in Node`, await timed((index) => readByHand(database, market, interval, idOf(index))));
  }
  row(`latest candle of ${market.all.length} symbols, in the database`, await warmed(() => explained.findNewest(market.all).then(take)), {
    atMost: 50,
  });
  row(`latest candle of ${market.all.length} symbols, in Node`, await timed(() => reader.findNewest(market.all)));
}

/** Runs reads until plans are made and caches filled, then returns what each further one says. */
async function warmed(read: (index: number) => Promise<number>): Promise<number[]> {
  await repeat(20, read);
  return repeat(READS, read);
}

/** The first reads make plans and fill the cache. */
async function timed(read: (index: number) => Promise<unknown>): Promise<number[]> {
  await timeEach(20, read);
  return timeEach(READS, read);
}

function pastEnd(market: FilledMarket, interval: Interval, index: number) {
  const end = MARKET_START + market.minutes * 60_000;
  const span = Math.max(end - MARKET_START - PAGE * intervalMs(interval), intervalMs(interval));
  return (end - (((index * 2_654_435_761) % 1_000) / 1_000) * span) as typeof MARKET_START;
}

async function readByHand({ sessions }: Database, market: FilledMarket, interval: Interval, id: InstrumentId): Promise<void> {
  const to = MARKET_START + market.minutes * 60_000;
  const from = Math.max(to - PAGE * intervalMs(interval), MARKET_START - intervalMs(interval)) as typeof MARKET_START;
  await sessions.run(
    {
      name: `bench-by-hand-${interval}`,
      text: `select open_time, open, high, low, close, base_volume, quote_volume, trade_count, taker_buy_base_volume, taker_buy_quote_volume,
          first_trade_id, last_trade_id, revision, known_at
        from candle_${interval} where instrument_id = $1::integer and open_time >= $2::timestamptz and open_time < $3::timestamptz
        order by open_time`,
    },
    [market.keys.get(id), toIso(from), toIso(to as typeof MARKET_START)],
  );
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the market is empty');
  return value;
}
