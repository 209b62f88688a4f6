import { type Candle, type EpochMs, type InstrumentId, toDecimal } from '@candlecast/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { candleAt, minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;

beforeEach(async () => {
  store = await openTestStore();
});
afterEach(() => store.close());

const WRITERS = 6;
const ROUNDS = 30;

describe('the log under concurrent writers', () => {
  it('never shows a hole, keeps the order of each series, and takes back the numbers of what was rolled back', async () => {
    const ids = await Promise.all(Array.from({ length: WRITERS }, () => store.list()));
    for (const id of ids) await store.writer.startLive(id, minute(0));
    const doomed = await store.list();
    let isDone = false;
    const watching = watchForHoles(() => isDone);

    const writing = ids.map(async (id) => {
      for (let round = 0; round < ROUNDS; round++) {
        await store.writer.commitClosed([{ instrumentId: id, candles: [candleAt(round)] }], minute(round + 1));
      }
    });
    const failing = (async () => {
      for (let round = 0; round < ROUNDS; round++) {
        // A transaction that has its numbers already and then fails.
        await store.sql(
          `begin; select event_append(clock_timestamp(), array['gap.recorded'], array['${doomed}'], array['{}'::json]); rollback`,
        );
      }
    })();
    await Promise.all([...writing, failing]);
    isDone = true;
    expect(await watching).toBeGreaterThan(5);

    const log = await store.readLog();
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    expect(log.some(({ key }) => key === doomed)).toBe(false);
    for (const id of ids) {
      const minutes = log.filter(({ key }) => key === `${id}@1m`).map(({ payload }) => ('candle' in payload ? payload.candle.openTime : 0));
      expect(minutes).toEqual(Array.from({ length: ROUNDS }, (_, round) => minute(round)));
    }
  });

  /** Looks again and again whether what is visible is exactly 1..head; returns how often it saw something new. */
  async function watchForHoles(isDone: () => boolean): Promise<number> {
    let looks = 0;
    let last = 0;
    while (!isDone()) {
      const [row] = await store.sql<{ head: number; newest: number; rows: number }>(
        'select h.seq as head, coalesce(max(e.seq), 0) as newest, count(e.seq) as rows from event_log_head h left join event_log e using (epoch) group by h.seq',
      );
      expect(row).toEqual({ head: row?.head, newest: row?.head, rows: row?.head });
      if (row && row.head > last) looks++;
      last = row?.head ?? last;
    }
    return looks;
  }
});

describe('several writers of one instrument', () => {
  it('leave one value of each candle, that with the most trades', async () => {
    const id = await store.list();
    await store.writer.startLive(id, minute(0));
    const write = async (tradeCount: number) => {
      for (let round = 0; round < ROUNDS; round++) {
        const candle = candleAt(round, { tradeCount, baseVolume: toDecimal(`${tradeCount}.00000`) });
        await store.writer.commitClosed([{ instrumentId: id, candles: [candle] }], minute(round + 1));
      }
    };
    await Promise.all([write(10), write(11), write(12)]);
    const last = new Map<EpochMs, unknown>();
    for (const { key, payload } of await store.readLog()) {
      if (key === `${id}@1m` && 'candle' in payload) last.set(payload.candle.openTime, payload.candle.tradeCount);
    }
    expect([...last.values()]).toEqual(Array.from({ length: ROUNDS }, () => 12));
    expect(await hourOf(id)).toMatchObject({ tradeCount: 12 * ROUNDS, baseVolume: `${12 * ROUNDS}.00000` });
  });

  it('leave whole roll-ups and close each once when their minutes interleave', async () => {
    const id = await store.list();
    await store.writer.startLive(id, minute(0));
    const write = async (first: number) => {
      for (let at = first; at < 60; at += 4)
        await store.writer.commitClosed([{ instrumentId: id, candles: [candleAt(at)] }], minute(at + 1));
    };
    await Promise.all([write(0), write(1), write(2), write(3)]);
    expect(await hourOf(id)).toMatchObject({ tradeCount: 10 * 60, isClosed: true });
    const closed = (await store.readLog()).filter(({ topic, key }) => topic === 'candle.closed' && key.startsWith(id));
    const fiveMinutes = closed
      .filter(({ key }) => key === `${id}@5m`)
      .map(({ payload }) => ('candle' in payload ? payload.candle : undefined));
    expect(fiveMinutes.map((candle) => candle?.openTime)).toEqual(Array.from({ length: 12 }, (_, index) => minute(index * 5)));
    expect(fiveMinutes.map((candle) => candle?.tradeCount)).toEqual(Array.from({ length: 12 }, () => 50));
  });

  async function hourOf(id: InstrumentId): Promise<Candle | undefined> {
    const range = { from: minute(0), to: minute(60) };
    const [hour] = await store.reader.findCandles({ instrumentId: id, interval: '1h', range, limit: 1, take: 'oldest' });
    return hour;
  }
});
