import { addMs, type CandleValues, closeTimeOf, type EpochMs, MINUTE_MS, type TimeRange, toEpochMs } from '@candlecast/domain';
import { aCandle, eventually } from '@candlecast/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { ExchangeClock } from '../exchange.ts';
import { Series } from './series.ts';
import { Tail } from './tail.ts';
import { Turns } from './turns.ts';

const START = toEpochMs(1_640_995_200_000);
const PATIENCE = { timeoutMs: 60_000 };

const at = (minute: number): EpochMs => addMs(START, minute * MINUTE_MS);
const candle = (minute: number): CandleValues => ({ ...aCandle(), openTime: at(minute) });

let stop = new AbortController();
afterEach(() => {
  stop.abort();
  stop = new AbortController();
});

/** A series from minute 0 on, at an exchange whose clock stands and whose answers the test gives. */
function aSeries(turns = new Turns(10)) {
  let now = at(0);
  const asked: { readonly range: TimeRange; answer(candles: CandleValues[]): void }[] = [];
  const committed: number[] = [];
  const clock = {
    now: () => now,
    errorMs: () => 0,
    // Waits end at once: the clock is moved by hand.
    toWallMs: () => 5,
    refresh: async () => undefined,
    model: () => ({ venue: 'SIM', wallTime: START, anchorTime: START, speed: 1 }),
    isStanding: () => false,
  } as unknown as ExchangeClock;
  const series = new Series({
    symbol: 'A',
    tail: new Tail(at(0), at(0), 100),
    clock,
    ask: (work) => work(),
    inTurn: turns.take,
    fetchCandles: ({ from, to }) =>
      new Promise((answer) => asked.push({ range: { from: from ?? at(0), to }, answer: (candles) => answer(candles) })),
    async commit(candles) {
      committed.push(...candles.map(({ openTime }) => (openTime - START) / MINUTE_MS));
      return { inserted: candles.length, corrected: 0 };
    },
    reportGap: async () => undefined,
    onLateCloses: () => undefined,
    onChange: () => undefined,
  });
  const running = series.run(stop.signal);
  return {
    series,
    asked,
    committed,
    running,
    moveTo(time: EpochMs) {
      now = time;
    },
  };
}

describe('Series', () => {
  it('stores what the stream brings although a request for it is under way, and takes its answer for what it adds', async () => {
    const { series, asked, committed, moveTo } = aSeries();
    moveTo(addMs(closeTimeOf(at(0), '1m'), 10_000));
    await eventually(() => expect(asked).toHaveLength(1), PATIENCE);
    series.takeClosed(candle(0));
    await eventually(() => expect(committed).toEqual([0]), PATIENCE);
    moveTo(addMs(closeTimeOf(at(1), '1m'), 10_000));
    asked[0]?.answer([candle(0)]);
    await eventually(() => expect(asked.map(({ range }) => range.from)).toEqual([at(0), at(1)]), PATIENCE);
    asked[1]?.answer([candle(1)]);
    await eventually(() => expect(committed).toEqual([0, 1]), PATIENCE);
  });

  it('asks for nothing when the stream was faster than its turn', async () => {
    const turns = new Turns(1);
    let release: () => void = () => undefined;
    void turns.take(() => new Promise<void>((resolve) => (release = () => resolve())));
    const { series, asked, committed, moveTo } = aSeries(turns);
    moveTo(addMs(closeTimeOf(at(0), '1m'), 10_000));
    series.takeClosed(candle(0));
    await eventually(() => expect(committed).toEqual([0]), PATIENCE);
    release();
    await eventually(() => expect(series.isCaughtUp).toBe(true), PATIENCE);
    expect(asked).toEqual([]);
  });

  it('ends with the failure of a request', async () => {
    const { asked, moveTo, running } = aSeries({ take: () => Promise.reject(new Error('refused')) } as unknown as Turns);
    moveTo(addMs(closeTimeOf(at(0), '1m'), 10_000));
    await expect(running).rejects.toThrow('refused');
    expect(asked).toEqual([]);
  });
});

describe('Turns', () => {
  it('lets so many run at a time, in order, also after one that fails', async () => {
    const turns = new Turns(2);
    const ends: (() => void)[] = [];
    const started: number[] = [];
    const works = Array.from({ length: 4 }, (_, index) =>
      turns
        .take(async () => {
          started.push(index);
          await new Promise<void>((resolve) => ends.push(resolve));
          if (index === 0) throw new Error('failed');
        })
        .catch(() => undefined),
    );
    await eventually(() => expect(started).toEqual([0, 1]));
    ends[0]?.();
    await eventually(() => expect(started).toEqual([0, 1, 2]));
    ends[1]?.();
    await eventually(() => expect(started).toEqual([0, 1, 2, 3]));
    for (const end of ends) end();
    await Promise.all(works);
  });
});
