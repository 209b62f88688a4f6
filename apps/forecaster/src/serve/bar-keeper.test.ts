import { addMs, type CandleValues, type EpochMs, type InstrumentId, type LogEvent, MINUTE_MS, toDecimal } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bar } from '../features/bar.ts';
import { randomWalk, WALK_START } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { type BarMachine, createBarKeeper } from './bar-keeper.ts';

/** Remembers what it was told. */
interface Recorder extends BarMachine {
  readonly bars: Map<EpochMs, Bar | undefined>;
}

const BAR_MINUTES = 30;
const walk = randomWalk({ minutes: 3 * BAR_MINUTES * 16, seed: 8 });
const at = (bar: number): EpochMs => addMs(WALK_START, bar * BAR_MINUTES * MINUTE_MS);
const minutesOf = (bar: number) => walk.slice(bar * BAR_MINUTES, (bar + 1) * BAR_MINUTES);
const never = new AbortController().signal;

let market: TestMarket;
let id: InstrumentId;
let made = 0;

function aKeeper() {
  return createBarKeeper<Recorder>(market.candles, (wanted) => {
    if (wanted !== id) return undefined;
    made += 1;
    const bars = new Map<EpochMs, Bar | undefined>();
    return { bars, push: (openTime, bar) => void bars.set(openTime, bar) };
  });
}

beforeAll(async () => {
  market = await openTestMarket();
  // Bar 10 is missing, and history ends within bar 20.
  const history = [...walk.slice(0, 10 * BAR_MINUTES), ...walk.slice(11 * BAR_MINUTES, 20 * BAR_MINUTES + 7)];
  id = await market.addLive('BTCUSDT', history);
});
afterAll(() => market.drop());

const logOf = (price: string) => Math.log(Number.parseFloat(price));

describe('createBarKeeper', () => {
  const keeper = () => aKeeper();
  let kept: ReturnType<typeof aKeeper>;

  it('reads closed bars onto a grid, with those that are missing as such', async () => {
    kept = keeper();
    await kept.load(await market.instruments.findInstruments(VENUE), never);
    const machine = kept.find({ instrumentId: id, asOf: at(20) });
    expect([...(machine?.bars.keys() ?? [])]).toEqual(Array.from({ length: 20 }, (_, bar) => at(bar)));
    expect([...(machine?.bars ?? [])].filter(([, bar]) => bar === undefined)).toEqual([[at(10), undefined]]);
    const minutes = minutesOf(19);
    const bar = machine?.bars.get(at(19));
    expect(bar?.logClose).toBe(logOf(minutes.at(-1)?.close ?? ''));
    expect(bar?.logHigh).toBe(Math.max(...minutes.map(({ high }) => logOf(high))));
    expect(bar?.tradeCount).toBe(BAR_MINUTES * 1_109);
  });

  it('is asked of the last bar that closed by then, and of no other', () => {
    expect(kept.find({ instrumentId: id, asOf: addMs(at(21), -MINUTE_MS) })).toBeDefined();
    expect(kept.find({ instrumentId: id, asOf: at(21) })).toBeUndefined();
    expect(kept.find({ instrumentId: 'SIM:ETHUSDT' as InstrumentId, asOf: at(20) })).toBeUndefined();
  });

  it('moves on to a bar once it has closed, and waits for one that has not', async () => {
    const rest = walk.slice(20 * BAR_MINUTES + 7, 21 * BAR_MINUTES);
    await market.closeSome(id, rest.slice(0, -1));
    const close = { instrumentId: id, asOf: at(21) };
    await kept.advance([close]);
    expect(kept.find(close)).toBeUndefined();
    await market.closeSome(id, rest.slice(-1));
    await kept.advance([close]);
    expect(kept.find(close)?.bars.get(at(20))?.logClose).toBe(logOf(walk[21 * BAR_MINUTES - 1]?.close ?? ''));
    expect(made).toBe(1);
  });

  it('reads a history anew when a candle of it was corrected, and only then', async () => {
    const instruments = await market.instruments.findInstruments(VENUE);
    await kept.load(instruments, never);
    expect(made).toBe(1);
    const corrected: CandleValues = { ...(walk[100] as CandleValues), high: toDecimal('99999.99'), tradeCount: 2_000 };
    await market.correct(id, corrected);
    const payload = { instrumentId: id, interval: '1m', candle: { ...corrected, isClosed: true } };
    kept.note({ topic: 'candle.corrected', key: `${id}@1m`, payload } as unknown as LogEvent);
    await kept.load(instruments, never);
    expect(made).toBe(2);
    expect(kept.find({ instrumentId: id, asOf: at(21) })?.bars.get(at(3))?.logHigh).toBe(logOf('99999.99'));
    await kept.load(instruments, never);
    expect(made).toBe(2);
  });
});
