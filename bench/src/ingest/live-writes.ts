import {
  type CandleValues,
  closeTimeOf,
  floorToInterval,
  type InstrumentId,
  ROLLUP_LADDER,
  toInstrumentId,
  toIso,
} from '@candlecast/domain';
import { createCandleWriter, createInstrumentWriter } from '@candlecast/store';
import { createCandleQueue } from '../../../apps/ingest/src/write/candle-queue.ts';
import { MARKET_START, madeUpCandle } from '../measure/made-up-market.ts';
import type { Report } from '../measure/report.ts';
import type { TierServer } from '../measure/tier-servers.ts';
import { milliseconds, percentile, repeat } from '../measure/timing.ts';

type Session = Parameters<Parameters<TierServer['database']['sessions']['transact']>[0]>[0];

const SYMBOLS = 1_600;
const FLUSH_SYMBOLS = 1_000;
const MINUTES = 70;

/**
 * Measures commits of closed candles as they come at a minute's end, beside the least that such a commit could be: one unnest upsert of
 * the same rows with one log row each in the same transaction.
 */
export async function measureLiveWrites({ database, tier }: TierServer, report: Report): Promise<void> {
  const ids = await listSymbols(database);
  const writer = createCandleWriter(database);
  /** Commits one minute of the first `count` symbols; returns how many milliseconds that took, the making of the candles left out. */
  const commit = async (count: number, minute: number) => {
    const flush = ids.slice(0, count).map((instrumentId, symbol) => ({ instrumentId, candles: [madeUpCandle(symbol, minute)] }));
    return milliseconds(() => writer.commitClosed(flush, madeUpCandle(0, minute + 1).openTime));
  };
  let minute = 0;
  const queue = createCandleQueue({ writer, now: () => madeUpCandle(0, minute).openTime });
  /** The same for all symbols, as ingest does it: each by itself, gathered by its queue. */
  const closeAll = () => {
    const candles = ids.map((_, symbol) => [madeUpCandle(symbol, minute)]);
    minute += 1;
    return milliseconds(() => Promise.all(ids.map((id, symbol) => queue.commit(id, candles[symbol] ?? []))));
  };
  for (const id of ids) await writer.startLive(id, MARKET_START);
  // Enough minutes that every level has buckets, and that plans are made.
  await repeat(5, closeAll);

  const all = await repeat(MINUTES, closeAll);
  report.figure({ what: `${tier}: ${SYMBOLS} closes with all roll-ups and log rows, median`, value: percentile(all, 0.5), unit: 'ms' });
  report.figure({ what: `${tier}: the same, worst of ${MINUTES}`, value: Math.max(...all), unit: 'ms', goal: { atMost: 1_000 } });

  const whole = percentile(await repeat(20, () => commit(FLUSH_SYMBOLS, minute++)), 0.5);
  const rollups = percentile(await repeat(20, () => touch(database, FLUSH_SYMBOLS, minute - 1)), 0.5);
  report.figure({
    what: `${tier}: eleven roll-up levels of ${FLUSH_SYMBOLS} symbols, a flush`,
    value: rollups,
    unit: 'ms',
    goal: { atMost: 200 },
  });
  report.figure({ what: `${tier}: live upserts, roll-ups and log included`, value: perSecond(whole), unit: 'rows/s' });

  await withoutRollups(database);
  // In turns, so that whatever else the machine does hits both. A minute that ends nothing larger: both then write a log row a candle.
  const taken = { ours: [] as number[], bare: [] as number[] };
  while (taken.ours.length < 30) {
    for (; endsLarger(minute); minute++) await commit(FLUSH_SYMBOLS, minute);
    taken.ours.push(await commit(FLUSH_SYMBOLS, minute++));
    taken.bare.push(await bareUpsert(database, FLUSH_SYMBOLS, taken.ours.length));
  }
  const [ours, bare] = [percentile(taken.ours, 0.5), percentile(taken.bare, 0.5)];
  report.figure({ what: `${tier}: live upserts with their log rows alone`, value: perSecond(ours), unit: 'rows/s' });
  report.figure({ what: `${tier}: bare unnest upsert with log rows in the same transaction`, value: perSecond(bare), unit: 'rows/s' });
  report.figure({ what: `${tier}: the former against the latter`, value: bare / ours, unit: 'ratio', goal: { atLeast: 0.7 } });
}

function endsLarger(minute: number): boolean {
  const { openTime } = madeUpCandle(0, minute);
  return ROLLUP_LADDER.some(({ interval }) => floorToInterval(closeTimeOf(openTime, '1m'), interval) === closeTimeOf(openTime, '1m'));
}

function perSecond(flushMs: number): number {
  return (FLUSH_SYMBOLS / flushMs) * 1_000;
}

/** From here on commits write minutes and their log rows alone, as the bare upsert does. */
async function withoutRollups({ sessions }: TierServer['database']): Promise<void> {
  await sessions.run({
    name: 'bench-no-rollups',
    text: `create or replace function candle_touch(p_ids integer[], p_times timestamptz[]) returns void language sql as 'select'`,
  });
}

async function listSymbols(database: TierServer['database']): Promise<InstrumentId[]> {
  const ids = Array.from({ length: SYMBOLS }, (_, index) => toInstrumentId('SIM', `LIVE${index}USDT`));
  await createInstrumentWriter(database).upsertInstruments(
    ids.map((id, index) => ({
      id,
      venue: 'SIM',
      symbol: `LIVE${index}USDT`,
      baseAsset: `LIVE${index}`,
      quoteAsset: 'USDT',
      tickSize: null,
      stepSize: null,
    })),
  );
  return ids;
}

function touch({ sessions }: TierServer['database'], count: number, minute: number): Promise<number> {
  const statement = {
    name: 'bench-touch',
    text: 'select candle_touch(array(select id from instrument order by id limit $1), array(select $2::timestamptz from generate_series(1, $1)))',
  };
  return milliseconds(() => sessions.run(statement, [count, toIso(madeUpCandle(0, minute).openTime)]));
}

async function bareUpsert({ sessions }: TierServer['database'], count: number, minute: number): Promise<number> {
  const candles = Array.from({ length: count }, (_, symbol) => madeUpCandle(symbol, minute));
  return milliseconds(() => sessions.transact((session) => writeBare(session, candles, minute)));
}

async function writeBare(session: Session, candles: readonly CandleValues[], minute: number): Promise<void> {
  await session.run(BARE_UPSERT, [
    candles.map((_, symbol) => 1_000_000 + symbol),
    candles.map(({ openTime }) => toIso(openTime)),
    candles.map(({ open }) => open),
    candles.map(({ high }) => high),
    candles.map(({ low }) => low),
    candles.map(({ close }) => close),
    candles.map(({ baseVolume }) => baseVolume),
    candles.map(({ quoteVolume }) => quoteVolume),
    candles.map(({ tradeCount }) => tradeCount),
    candles.map(({ takerBuyBaseVolume }) => takerBuyBaseVolume),
    candles.map(({ takerBuyQuoteVolume }) => takerBuyQuoteVolume),
    candles.map(({ firstTradeId }) => firstTradeId),
    candles.map(({ lastTradeId }) => lastTradeId),
    toIso(madeUpCandle(0, minute + 1).openTime),
  ]);
  await session.run(BARE_LOG, [
    toIso(MARKET_START),
    candles.map(() => 'candle.closed'),
    candles.map((_, symbol) => `SIM:LIVE${symbol}USDT@1m`),
    candles.map((candle, symbol) =>
      JSON.stringify({
        instrumentId: `SIM:LIVE${symbol}USDT`,
        interval: '1m',
        candle: { ...candle, isClosed: true, revision: 0, knownAt: candle.openTime, reconstructed: false },
      }),
    ),
  ]);
}

const BARE_UPSERT = {
  name: 'bench-upsert',
  text: `insert into candle_1m (instrument_id, open_time, open, high, low, close, base_volume, quote_volume, trade_count,
      taker_buy_base_volume, taker_buy_quote_volume, first_trade_id, last_trade_id, known_at)
    select *, $14::timestamptz from unnest($1::integer[], $2::timestamptz[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[],
      $7::numeric[], $8::numeric[], $9::bigint[], $10::numeric[], $11::numeric[], $12::bigint[], $13::bigint[])
    on conflict (instrument_id, open_time) do update set close = excluded.close, high = excluded.high, low = excluded.low`,
};

const BARE_LOG = { name: 'bench-log', text: 'select event_append($1::timestamptz, $2::text[], $3::text[], $4::json[])' };
