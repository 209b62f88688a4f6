import { addMs, DAY_MS, type EpochMs, toEpochMs, toIso } from '@candlecast/domain';
import { findTestTier } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMaintenance, type Maintenance } from './maintenance.ts';
import { candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

const HOUR_MS = DAY_MS / 24;
const NEWEST = toEpochMs(Date.parse('2026-11-24T12:00:00Z'));
/** A recording that ended years before. */
const RECORDED = toEpochMs(Date.parse('2023-07-31T12:00:00Z'));

const tier = await findTestTier();
let store: TestStore;
let maintenance: Maintenance;

beforeEach(async () => {
  store = await openTestStore();
  maintenance = createMaintenance(store.db);
});
afterEach(() => store.close());

/** Lists an instrument whose newest minute is `newest`, and returns its number. */
async function list(venue: string, symbol: string, newest: EpochMs | null): Promise<number> {
  const [row] = await store.sql<{ id: number }>(
    `insert into instrument (venue, symbol, base_asset, quote_asset, watermark)
     values ('${venue}', '${symbol}', 'X', 'Y', ${newest === null ? 'null' : `'${toIso(newest)}'`}) returning id`,
  );
  return row?.id ?? 0;
}

/** One trade and one sample an hour over the `days` before `newest`, and one at `newest`. */
async function fill(id: number, newest: EpochMs, days: number): Promise<void> {
  const times = `generate_series(timestamptz '${toIso(newest)}' - interval '${days} days', '${toIso(newest)}', interval '1 hour') t`;
  await store.sql(`insert into agg_trade select ${id}, 1, t, 1.5, 2, 1, 1, 'BUY' from ${times}`);
  await store.sql(`insert into top_of_book select ${id}, t, 1, 1, 2, 1, 1 from ${times}`);
}

async function count(relation: 'agg_trade' | 'top_of_book', id: number): Promise<number> {
  const [row] = await store.sql<{ n: number }>(`select count(*)::integer as n from ${relation} where instrument_id = ${id}`);
  return row?.n ?? 0;
}

describe('retention', () => {
  it('counts back from the newest minute of each venue, whatever the time is', async () => {
    const live = await list('BINANCE', 'AUSDT', NEWEST);
    const recorded = await list('REPLAY', 'AUSDT', RECORDED);
    await fill(live, NEWEST, 40);
    await fill(recorded, RECORDED, 8);
    await maintenance.applyRetention();
    expect([await count('agg_trade', live), await count('top_of_book', live)]).toEqual([7 * 24 + 1, 30 * 24 + 1]);
    expect([await count('agg_trade', recorded), await count('top_of_book', recorded)]).toEqual([7 * 24 + 1, 8 * 24 + 1]);
    const [oldest] = await store.sql<{ at: EpochMs }>(`select min(trade_time) as at from agg_trade where instrument_id = ${live}`);
    expect(oldest?.at).toBe(NEWEST - 7 * DAY_MS);
  });

  if (tier !== 'plain') {
    it('drops whole chunks where TimescaleDB is, but none that a venue still keeps something in', async () => {
      const live = await list('BINANCE', 'AUSDT', NEWEST);
      const behind = await list('SIM', 'AUSDT', addMs(NEWEST, -5 * DAY_MS));
      const waiting = await list('BINANCE', 'BUSDT', null);
      await fill(live, NEWEST, 20);
      await fill(behind, addMs(NEWEST, -5 * DAY_MS), 1);
      const chunks = () => store.sql<{ name: string }>(`select show_chunks('agg_trade')::text as name`);
      await maintenance.applyRetention();
      expect(await chunks()).toHaveLength(8);
      await fill(behind, addMs(NEWEST, -9 * DAY_MS), 0);
      await fill(waiting, addMs(NEWEST, -12 * DAY_MS), 0);
      await maintenance.applyRetention();
      expect(await count('agg_trade', behind)).toBe(26);
      expect(await count('agg_trade', waiting)).toBe(0);
      expect(await chunks()).toHaveLength(9);
    });
  }

  it('keeps what the table says, and for ever what it says nothing of', async () => {
    const id = await list('BINANCE', 'AUSDT', NEWEST);
    await fill(id, NEWEST, 40);
    await store.sql(`update retention set keep = null where relation = 'agg_trade'`);
    await store.sql(`update retention set keep = '2 days' where relation = 'top_of_book'`);
    await store.sql(`insert into external_series values ('fear', '2018-01-01Z', '2018-01-01Z', 1)`);
    await maintenance.applyRetention();
    expect([await count('agg_trade', id), await count('top_of_book', id)]).toEqual([40 * 24 + 1, 2 * 24 + 1]);
    expect(await store.sql('select from external_series')).toHaveLength(1);
    await expect(store.sql(`insert into retention values ('candle_1m', '7 days')`)).rejects.toThrow('retention_relation_check');
  });

  it('does nothing before a venue has a minute', async () => {
    const id = await list('SIM', 'AUSDT', null);
    await fill(id, NEWEST, 40);
    await maintenance.applyRetention();
    expect(await count('agg_trade', id)).toBe(40 * 24 + 1);
  });
});

/** Logs an hourly close of a 1m candle over the `days` before `newest` and at it, each with an event of another key before it. */
async function logCloses(instrument: string, newest: EpochMs, days: number): Promise<void> {
  for (let hours = days * 24; hours >= 0; hours--) {
    await store.sql(
      `select event_append('${toIso(addMs(newest, -hours * HOUR_MS))}', array['gap.recorded', 'candle.closed'],
         array['${instrument}', '${instrument}@1m'], array['{}', '{}']::json[])`,
    );
  }
}

async function logEdges(): Promise<{ first: number | null; head: number; epochs: number }> {
  const [row] = await store.sql<{ first: number | null; head: number; epochs: number }>(
    `select (select min(seq)::integer from event_log) as first, seq::integer as head, (select count(distinct epoch)::integer from event_log) as epochs
     from event_log_head`,
  );
  return row ?? { first: null, head: 0, epochs: 0 };
}

describe('retention of the log', () => {
  it('cuts its front a week before the newest close, and leaves epoch and head', async () => {
    await list('BINANCE', 'AUSDT', NEWEST);
    await logCloses('BINANCE:AUSDT', NEWEST, 9);
    await maintenance.applyRetention();
    // 217 closes, of which 169 lie in the last seven days.
    expect(await logEdges()).toEqual({ first: 48 * 2 + 1, head: 434, epochs: 1 });
    await maintenance.applyRetention();
    expect(await logEdges()).toEqual({ first: 48 * 2 + 1, head: 434, epochs: 1 });
  });

  it('is not held up by a venue that fell silent, nor cut short by one whose time runs fast', async () => {
    await list('REPLAY', 'AUSDT', RECORDED);
    await list('BINANCE', 'AUSDT', NEWEST);
    await logCloses('REPLAY:AUSDT', RECORDED, 1);
    await logCloses('BINANCE:AUSDT', NEWEST, 9);
    await maintenance.applyRetention();
    expect((await logEdges()).first).toBe(50 + 48 * 2 + 1);
    await list('SIM', 'AUSDT', NEWEST);
    await logCloses('SIM:AUSDT', addMs(NEWEST, 30 * DAY_MS), 8);
    await logCloses('BINANCE:AUSDT', addMs(NEWEST, HOUR_MS), 0);
    await maintenance.applyRetention();
    expect((await logEdges()).first).toBe(50 + 49 * 2 + 1);
  });

  it('is not cut short by an instrument that came later', async () => {
    await list('BINANCE', 'AUSDT', NEWEST);
    await list('BINANCE', 'BUSDT', NEWEST);
    await logCloses('BINANCE:AUSDT', NEWEST, 3);
    await logCloses('BINANCE:BUSDT', NEWEST, 1);
    await maintenance.applyRetention();
    expect((await logEdges()).first).toBe(1);
  });

  it('forgets the log of another epoch', async () => {
    await list('BINANCE', 'AUSDT', NEWEST);
    await logCloses('BINANCE:AUSDT', NEWEST, 1);
    await store.sql('update event_log_head set epoch = gen_random_uuid()');
    await logCloses('BINANCE:AUSDT', addMs(NEWEST, HOUR_MS), 0);
    await maintenance.applyRetention();
    expect(await logEdges()).toEqual({ first: 51, head: 52, epochs: 1 });
  });

  it('leaves an empty log alone', async () => {
    await maintenance.applyRetention();
    expect(await logEdges()).toEqual({ first: null, head: 0, epochs: 0 });
  });
});

describe('maintenance', () => {
  it('runs in one process at a time', async () => {
    const other = createMaintenance(store.db);
    const outcomes: boolean[] = [];
    await store.db.sessions.runLocked(7_224_001, async () => void outcomes.push(await other.run()));
    outcomes.push(await other.run());
    expect(outcomes).toEqual([false, true]);
  });

  it('shows in roll-ups what a process that died between commit and refresh left hidden', async () => {
    const id = await store.list();
    await store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(0, 20_000) }, minute(20_000));
    await store.sql(`update instrument set watermark = '${toIso(minute(19_999))}', state = 'LIVE'`);
    await store.settle();
    await store.sql(`update candle_1m set high = 777, revision = 1 where open_time = '${toIso(minute(1_000))}'`);
    if (store.db.tier !== 'tsl') await store.sql(`call candle_refresh('${toIso(minute(1_000))}', '${toIso(minute(1_001))}')`);
    await maintenance.run();
    const [row] = await store.sql<{ high: string }>(`select high from candle_1h where open_time = '${toIso(minute(960))}'`);
    expect(row?.high).toBe('777');
  });

  if (tier === 'tsl') {
    it('compresses what lies a week behind, which stays readable and writable', async () => {
      const id = await store.list();
      await store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(0, 30_000) }, minute(30_000));
      await store.sql(`update instrument set watermark = '${toIso(minute(29_999))}'`);
      const hash = `select md5(string_agg(c::text, '' order by open_time)) as hash from candle_1m c`;
      const before = await store.sql(hash);
      await maintenance.compress();
      const chunks = await store.sql<{ compressed: boolean }>(
        `select is_compressed as compressed from timescaledb_information.chunks where hypertable_name = 'candle_1m' order by range_start`,
      );
      expect(chunks.filter(({ compressed }) => compressed).length).toBe(chunks.length - 2);
      expect(await store.sql(hash)).toEqual(before);
      const late = candlesBetween(5, 6).map((candle) => ({ ...candle, tradeCount: 1_000 }));
      expect(await store.writer.commitHistory({ instrumentId: id, candles: late }, minute(30_001))).toMatchObject({ corrected: 1 });
      await maintenance.compress();
      const [row] = await store.sql<{ revision: number }>(`select revision from candle_1w where open_time = '${toIso(minute(0))}'`);
      expect(row?.revision).toBe(1);
    });
  }

  if (tier === 'tsl') {
    it('has a refresh policy for every level and one for compression, which run', async () => {
      const jobs = await store.sql<{ id: number; name: string }>(
        `select job_id as id, proc_name::text as name from timescaledb_information.jobs where hypertable_schema is not null order by 1`,
      );
      expect(jobs.map(({ name }) => name).sort()).toEqual([
        'policy_compression',
        ...Array.from({ length: 11 }, () => 'policy_refresh_continuous_aggregate'),
      ]);
      for (const { id } of jobs) await store.sql(`call run_job(${id})`);
    });
  }
});
