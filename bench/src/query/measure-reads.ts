import { ALL_TIME, INTERVALS, type InstrumentId, type Interval, intervalMs, toIso } from '@candlecast/domain';
import { createCandleReader, type Database } from '@candlecast/store';
import { MARKET_START } from '../measure/made-up-market.ts';
import type { Report } from '../measure/report.ts';
import { percentile, timeEach } from '../measure/timing.ts';
import type { FilledMarket } from './fill-market.ts';

const PAGE = 1_000;
const READS = 120;

/** Measures pages of the newest 1,000 candles of every interval, and of a page in the past, beside SQL by hand on the same rows. */
export async function measureReads(database: Database, market: FilledMarket, report: Report): Promise<void> {
  const reader = createCandleReader(database);
  const idOf = (index: number) => market.long[(index * 7) % market.long.length] ?? market.all[0];
  for (const interval of INTERVALS) {
    const query = { interval, limit: PAGE, take: 'newest' } as const;
    const newest = await timed((index) => reader.findCandles({ ...query, instrumentId: need(idOf(index)), range: ALL_TIME }));
    const past = await timed((index) =>
      reader.findCandles({
        ...query,
        instrumentId: need(idOf(index)),
        range: { from: ALL_TIME.from, to: pastEnd(market, interval, index) },
      }),
    );
    const byHand = await timed((index) => readByHand(database, market, interval, need(idOf(index))));
    const row = (what: string, values: readonly number[], goal?: { atMost: number }) => {
      report.figure({ what: `${database.tier} ${interval}: ${what}, p50`, value: percentile(values, 0.5), unit: 'ms' });
      report.figure({
        what: `${database.tier} ${interval}: ${what}, p95`,
        value: percentile(values, 0.95),
        unit: 'ms',
        ...(goal && { goal }),
      });
    };
    row('newest 1,000', newest, { atMost: 10 });
    row('1,000 in the past', past, { atMost: 10 });
    row('the same rows by hand', byHand);
  }
  const latest = await timeEach(30, () => reader.findNewest(market.all));
  const what = `${database.tier}: latest candle of ${market.all.length} symbols`;
  report.figure({ what: `${what}, p50`, value: percentile(latest, 0.5), unit: 'ms' });
  report.figure({ what: `${what}, p95`, value: percentile(latest, 0.95), unit: 'ms', goal: { atMost: 50 } });
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
