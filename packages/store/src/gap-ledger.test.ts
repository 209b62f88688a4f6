import { addMs, type EpochMs, type GapReason, type InstrumentId, MINUTE_MS, planGaps, type TimeRange } from '@candlecast/domain';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { candleAt, candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let id: InstrumentId;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  id = await store.list();
});

const range = (from: number, to: number): TimeRange => ({ from: minute(from), to: minute(to) });
const DAY = range(0, 1_440);

function record(from: number, to: number, reason: GapReason, seenAt = 2_000): Promise<void> {
  return store.writer.recordGap(id, range(from, to), reason, minute(seenAt));
}

async function ledger(): Promise<string[]> {
  const gaps = await store.reader.findGaps(id, DAY);
  const inMinutes = (time: EpochMs) => (time - minute(0)) / MINUTE_MS;
  return gaps.map(
    (gap) => `${inMinutes(gap.from)}..${inMinutes(gap.to)} ${gap.reason} x${gap.attempts}${gap.resolvedAt === null ? '' : ' resolved'}`,
  );
}

async function topics(): Promise<string[]> {
  return (await store.readLog()).filter(({ key }) => key.startsWith(id)).map(({ topic, key }) => `${topic}${key.slice(id.length)}`);
}

describe('recordGap', () => {
  it('records and logs a range once; saying it again later counts an attempt', async () => {
    await record(10, 20, 'PENDING');
    await record(10, 20, 'PENDING');
    expect(await ledger()).toEqual(['10..20 PENDING x1']);
    await record(10, 20, 'PENDING', 2_001);
    expect(await ledger()).toEqual(['10..20 PENDING x2']);
    expect(await topics()).toEqual(['gap.recorded']);
  });

  it('cuts what is known better out of what was recorded before', async () => {
    await record(10, 20, 'PENDING');
    await record(13, 15, 'CONFIRMED_EMPTY', 2_005);
    expect(await ledger()).toEqual(['10..13 PENDING x1', '13..15 CONFIRMED_EMPTY x2', '15..20 PENDING x1']);
    const [, confirmed] = await store.reader.findGaps(id, DAY);
    expect(confirmed?.firstSeenAt).toBe(minute(2_000));
    await record(0, 60, 'EXCHANGE_OUTAGE', 2_010);
    expect(await ledger()).toEqual(['0..60 EXCHANGE_OUTAGE x3']);
  });

  it('lets the watermark pass a recorded gap, not a pending one', async () => {
    await store.writer.startLive(id, minute(0));
    const candles = [...candlesBetween(0, 3), ...candlesBetween(5, 10)];
    const [first] = await store.writer.commitClosed([{ instrumentId: id, candles }], minute(10));
    expect(first?.watermark).toBe(minute(2));
    await record(3, 5, 'PENDING');
    expect((await store.writer.commitClosed([{ instrumentId: id, candles }], minute(10)))[0]?.watermark).toBe(minute(2));
    await record(3, 5, 'CONFIRMED_EMPTY');
    expect((await topics()).slice(-4)).toEqual(['candle.closed@5m', 'candle.closed@3m', 'candle.closed@3m', 'candle.closed@5m']);
    expect((await store.writer.commitClosed([{ instrumentId: id, candles }], minute(10)))[0]?.watermark).toBe(minute(9));
  });

  it('does not move the watermark into a gap that has no candle after it', async () => {
    await store.writer.startLive(id, minute(0));
    await store.writer.commitClosed([{ instrumentId: id, candles: candlesBetween(0, 3) }], minute(3));
    await record(3, 20_000, 'EXCHANGE_OUTAGE', 20_000);
    const [after] = await store.writer.commitClosed([{ instrumentId: id, candles: [candleAt(20_000)] }], minute(20_001));
    expect(after?.watermark).toBe(minute(20_000));
  });

  it('resolves a gap when its last minute is stored, live or from history', async () => {
    await store.writer.startLive(id, minute(100));
    await record(10, 20, 'PENDING');
    await record(110, 112, 'FETCH_FAILED');
    await store.writer.commitHistory({ instrumentId: id, candles: [candleAt(10), ...candlesBetween(12, 20)] }, minute(200));
    expect(await ledger()).toEqual(['10..20 PENDING x1', '110..112 FETCH_FAILED x1']);
    await store.writer.commitHistory({ instrumentId: id, candles: [candleAt(11)] }, minute(201));
    await store.writer.commitClosed([{ instrumentId: id, candles: candlesBetween(100, 120) }], minute(202));
    expect(await ledger()).toEqual(['10..20 PENDING x1 resolved', '110..112 FETCH_FAILED x1 resolved']);
    expect((await topics()).filter((topic) => topic === 'gap.resolved')).toHaveLength(2);
    expect((await store.reader.findGaps(id, DAY)).map((gap) => gap.resolvedAt)).toEqual([minute(201), minute(202)]);
  });
});

describe('the ledger and the watermark', () => {
  const part = fc.record({ from: fc.integer({ min: 0, max: 80 }), length: fc.integer({ min: 1, max: 25 }) });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('candles' as const), part }),
    fc.record({ kind: fc.constantFrom('PENDING' as const, 'CONFIRMED_EMPTY' as const, 'EXCHANGE_OUTAGE' as const), part }),
  );

  /** Goes on from where the watermark stood: what was passed with a reason stays passed, whatever is said of it later. */
  function walk(from: EpochMs | null, present: ReadonlySet<number>, reasons: ReadonlyMap<number, string>): EpochMs | null {
    const start = from === null ? minute(0) : addMs(from, MINUTE_MS);
    const excused = [...reasons].filter(([, reason]) => reason !== 'PENDING').map(([at]) => range(at, at + 1));
    const times = [...present].map((at) => minute(at)).filter((time) => time >= start);
    times.sort((a, b) => a - b);
    const firstHole = planGaps(times, { from: start, to: minute(200) }, MINUTE_MS, excused)[0]?.from ?? minute(200);
    return times.filter((time) => time < firstHole).at(-1) ?? from;
  }

  it('agree with a plain model after any sequence of candles and gaps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        id = await store.list();
        await store.writer.startLive(id, minute(0));
        const present = new Set<number>();
        const reasons = new Map<number, string>();
        let expected: EpochMs | null = null;
        for (const [
          index,
          {
            kind,
            part: { from, length },
          },
        ] of steps.entries()) {
          const minutes = Array.from({ length }, (_, offset) => from + offset);
          if (kind === 'candles') {
            await store.writer.commitClosed([{ instrumentId: id, candles: candlesBetween(from, from + length) }], minute(3_000 + index));
            for (const at of minutes) present.add(at);
          } else {
            await record(from, from + length, kind, 3_000 + index);
            for (const at of minutes) reasons.set(at, kind);
          }
          expected = walk(expected, present, reasons);
        }
        const [row] = await store.sql<{ watermark: number | null }>(
          `select watermark from instrument where venue || ':' || symbol = '${id}'`,
        );
        expect(row?.watermark ?? null).toBe(expected);

        const open = (await store.reader.findGaps(id, range(0, 200))).filter((gap) => gap.resolvedAt === null);
        for (const [at, reason] of reasons) {
          const holders = open.filter((gap) => gap.from <= minute(at) && gap.to > minute(at));
          expect(holders.length).toBeLessThanOrEqual(1);
          if (!present.has(at)) expect(holders.map((gap) => gap.reason)).toEqual([reason]);
        }
      }),
      { numRuns: 25 },
    );
  });
});
