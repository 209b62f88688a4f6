import {
  AppError,
  type CandleValues,
  type EpochMs,
  type InstrumentId,
  MINUTE_MS,
  planGaps,
  type TimeRange,
  toEpochMs,
  toInstrumentId,
} from '@candlecast/domain';
import { aCandle, eventually } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { retry } from '../retry.ts';
import { History, type HistoryProgress } from './history.ts';
import { planHistory } from './plan-history.ts';

const LIVE = 1_640_995_200_000;
const A = toInstrumentId('SIM', 'A');
const B = toInstrumentId('SIM', 'B');

/** Minutes before the first live candle. */
function before(minutes: number): EpochMs {
  return toEpochMs(LIVE - minutes * MINUTE_MS);
}

/** An exchange that begins `firstMinute` minutes before the live candles, and a store in memory. */
function aWorld({ firstMinute, missing = [] as readonly number[] }: { firstMinute: number; missing?: readonly number[] }) {
  const stop = new AbortController();
  const stored = new Map<InstrumentId, EpochMs[]>([A, B].map((id) => [id, []]));
  const order: string[] = [];
  const gaps: unknown[] = [];
  const progress = new Map<InstrumentId, HistoryProgress>();
  const failures: unknown[] = [];
  let emptyAnswers = 0;
  const history = new History({
    findMissing: async (id, range) =>
      planGaps(
        (stored.get(id) ?? []).toSorted((a, b) => a - b),
        range,
        MINUTE_MS,
      ),
    async fetchBefore(_, to, limit): Promise<CandleValues[]> {
      if (emptyAnswers > 0) {
        emptyAnswers -= 1;
        return [];
      }
      const newest = Math.round((LIVE - to) / MINUTE_MS) + 1;
      const minutes = Array.from({ length: Math.max(0, firstMinute - newest + 1) }, (_, index) => newest + index).filter(
        (minute) => !missing.includes(minute),
      );
      return minutes
        .slice(0, limit)
        .reverse()
        .map((minute) => ({ ...aCandle(), openTime: before(minute) }));
    },
    findFirstOpenTime: async () => before(firstMinute),
    ask: (work) => retry(work, { backoff: { baseMs: 1, capMs: 1 }, signal: stop.signal }),
    async commit(id, candles) {
      order.push(id);
      stored.get(id)?.push(...candles.map(({ openTime }) => openTime));
    },
    reportGap: async (id, hole) => void gaps.push([id, 'hole', minutesOf(hole)]),
    recordBeforeListing: async (id, range) => void gaps.push([id, 'BEFORE_LISTING', minutesOf(range)]),
    onInitialComplete: (id) => order.push(`${id} initial`),
    onProgress: (id, figures) => progress.set(id, figures),
    onFailure: (id, cause) => failures.push([id, cause]),
  });
  const running = history.run(stop.signal);
  return {
    history,
    stored,
    order,
    gaps,
    progress,
    failures,
    answerEmpty: (times: number) => {
      emptyAnswers = times;
    },
    until: async (phase: HistoryProgress['phase'], ...ids: InstrumentId[]) => {
      await eventually(() => expect(ids.map((id) => progress.get(id)?.phase)).toEqual(ids.map(() => phase)), { timeoutMs: 60_000 });
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
}

function minutesOf({ from, to }: TimeRange): readonly number[] {
  return [(LIVE - from) / MINUTE_MS, (LIVE - to) / MINUTE_MS];
}

function task(id: InstrumentId, floorMinutes: number) {
  return { instrumentId: id, symbol: id.slice(4), plan: planHistory(toEpochMs(LIVE), before(floorMinutes)) };
}

describe('History', () => {
  it('fetches every page of every instrument in turns, the first part of each before the rest of any', async () => {
    const world = aWorld({ firstMinute: 100_000 });
    world.history.add(task(A, 45_200));
    world.history.add(task(B, 45_200));
    await world.until('complete', A, B);
    for (const id of [A, B]) expect(new Set(world.stored.get(id)).size).toBe(45_200);
    const lastInitial = Math.max(world.order.indexOf(`${A} initial`), world.order.indexOf(`${B} initial`));
    expect(lastInitial).toBe(2 * 44 + 1);
    const turns = world.order.slice(0, 80);
    expect(Math.abs(turns.filter((id) => id === A).length - turns.filter((id) => id === B).length)).toBeLessThanOrEqual(4);
    expect(world.progress.get(A)).toMatchObject({ phase: 'complete', rowsDone: 2_000, rowsWanted: 2_000 });
    await world.stop();
  });

  it('fetches only what is not stored', async () => {
    const world = aWorld({ firstMinute: 100_000 });
    const there = Array.from({ length: 3_000 }, (_, minute) => before(minute + 1));
    world.stored.set(
      A,
      there.filter((_, index) => index < 500 || index >= 700),
    );
    world.history.add(task(A, 3_000));
    await world.until('complete', A);
    expect(world.stored.get(A)).toHaveLength(3_000);
    expect(world.order.filter((id) => id === A)).toHaveLength(1);
    await world.stop();
  });

  it('tells of a history that is over with its first part that all of it is there', async () => {
    const world = aWorld({ firstMinute: 100_000 });
    world.history.add(task(A, 1_500));
    await world.until('complete', A);
    expect(world.progress.get(A)).toEqual({ phase: 'complete', rowsDone: 1_500, rowsWanted: 1_500, isCompared: true });
    await world.stop();
  });

  it('knows before it fetches anything how much is there', async () => {
    const world = aWorld({ firstMinute: 200_000 });
    // All but the oldest 500 of four windows.
    world.stored.set(
      A,
      Array.from({ length: 129_500 }, (_, minute) => before(minute + 1)),
    );
    const compared: HistoryProgress[] = [];
    const watch = world.progress.set.bind(world.progress);
    world.progress.set = (id, figures) => {
      if (figures.phase === 'background' && figures.isCompared) compared.push(figures);
      return watch(id, figures);
    };
    world.history.add(task(A, 130_000));
    await world.until('complete', A);
    expect(compared[0]).toMatchObject({ rowsDone: 86_300, rowsWanted: 86_800 });
    expect(world.order.filter((id) => id === A)).toHaveLength(1);
    await world.stop();
  });

  it('leaves an instrument that is given back, with the page that is under way as the last', async () => {
    const world = aWorld({ firstMinute: 100_000 });
    const push = world.order.push.bind(world.order);
    world.order.push = (...items) => {
      world.history.remove(A);
      return push(...items);
    };
    world.history.add(task(A, 40_000));
    world.history.add(task(B, 2_000));
    await world.until('complete', B);
    expect(world.order).not.toContain(`${A} initial`);
    expect(world.history.progressOf(A)).toBeUndefined();
    await world.stop();
  });

  it('reports the minutes that the exchange passed over, and passes holes longer than a page in one step', async () => {
    const missing = [10, ...Array.from({ length: 2_011 }, (_, index) => 100 + index)];
    const world = aWorld({ firstMinute: 100_000, missing });
    world.history.add(task(A, 4_000));
    await world.until('complete', A);
    expect(world.gaps).toEqual(expect.arrayContaining([[A, 'hole', [10, 9]]]));
    expect(world.gaps).toHaveLength(2);
    expect(world.gaps).toEqual(expect.arrayContaining([[A, 'hole', [2_110, 99]]]));
    expect(world.stored.get(A)).toHaveLength(4_000 - missing.length);
    await world.stop();
  });

  it('stops at the first candle of the exchange and records the time before it once', async () => {
    const world = aWorld({ firstMinute: 1_500 });
    world.history.add(task(A, 90_000));
    await world.until('complete', A);
    expect(world.gaps).toEqual([[A, 'BEFORE_LISTING', [90_000, 1_500]]]);
    expect(world.stored.get(A)).toHaveLength(1_500);
    await world.stop();
  });

  it('does not take an empty answer for the beginning of all data', async () => {
    const world = aWorld({ firstMinute: 100_000 });
    world.answerEmpty(3);
    world.history.add(task(A, 2_000));
    await world.until('complete', A);
    expect(world.gaps).toEqual([]);
    expect(world.stored.get(A)).toHaveLength(2_000);
    await world.stop();
  });

  it('gives up the one instrument that is refused', async () => {
    const world = aWorld({ firstMinute: 100_000 });
    const refusal = new AppError('exchange_refused', 'invalid symbol');
    world.stored.get = (id: InstrumentId) => {
      if (id === A) throw refusal;
      return Map.prototype.get.call(world.stored, id) as EpochMs[];
    };
    world.history.add(task(A, 2_000));
    world.history.add(task(B, 2_000));
    await world.until('complete', B);
    expect(world.failures).toEqual([[A, refusal]]);
    await world.stop();
  });
});
