import { addMs, type CandleValues, type EpochMs, type GapReason, type Instrument, toEpochMs, toInstrumentId } from '@candlecast/domain';
import { createInstrumentReader } from '@candlecast/store';
import fc from 'fast-check';
import { at, minuteOf, START, type TestMarket } from './test-market.ts';

/** What ingest does to a series, one thing after the other. */
export type Deed =
  | { readonly do: 'close'; readonly minutes: number }
  | { readonly do: 'skip'; readonly minutes: number }
  | { readonly do: 'fill' }
  | { readonly do: 'excuse'; readonly reason: GapReason }
  | { readonly do: 'correct'; readonly back: number };

/** Any history. */
export const deeds = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('close' as const), minutes: fc.integer({ min: 1, max: 7 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('skip' as const), minutes: fc.integer({ min: 1, max: 4 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('fill' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('excuse' as const), reason: fc.constantFrom('CONFIRMED_EMPTY', 'PENDING') }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('correct' as const), back: fc.integer({ min: 1, max: 25 }) }) },
  ),
  { minLength: 4, maxLength: 25 },
) as fc.Arbitrary<Deed[]>;

/** A minute that was recorded as empty comes after all, before one behind it: the series was still waiting there. */
export const FILLED_AFTER_ALL: Deed[] = [
  { do: 'skip', minutes: 2 },
  { do: 'excuse', reason: 'CONFIRMED_EMPTY' },
  { do: 'close', minutes: 1 },
  { do: 'skip', minutes: 1 },
  { do: 'fill' },
  { do: 'close', minutes: 1 },
];

/** A minute that is being asked for holds the buckets up until it has come, whatever comes behind it. */
export const STILL_ASKED_FOR: Deed[] = [
  { do: 'close', minutes: 2 },
  { do: 'skip', minutes: 1 },
  { do: 'close', minutes: 5 },
  { do: 'excuse', reason: 'PENDING' },
  { do: 'close', minutes: 2 },
  { do: 'fill' },
  { do: 'close', minutes: 3 },
];

let listed = 0;

/** Lists an instrument and lives through the deeds; returns it, when the last of them was done, and every moment at which something was. */
export async function liveThrough(
  market: TestMarket,
  history: readonly Deed[],
  historyMinutes = 0,
): Promise<{ instrument: Instrument; end: EpochMs }> {
  const id = toInstrumentId('SIM', `T${++listed}USDT`);
  await market.list(id);
  let minute = 0;
  let now = START;
  let holes: number[] = [];
  const tick = () => {
    now = toEpochMs(Math.max(now + 1, at(minute) + 40));
    return now;
  };
  const commit = (minutes: readonly number[], values: Partial<CandleValues> = {}) =>
    market.candles.commitClosed([{ instrumentId: id, candles: minutes.map((each) => minuteOf(each, values)) }], tick());
  for (const deed of history) {
    if (deed.do === 'close') {
      const minutes = Array.from({ length: deed.minutes }, (_, n) => minute + n);
      minute += deed.minutes;
      await commit(minutes);
    }
    if (deed.do === 'skip') {
      holes.push(...Array.from({ length: deed.minutes }, (_, n) => minute + n));
      minute += deed.minutes;
    }
    const past = holes.filter((hole) => hole < minute - 1);
    if (deed.do === 'fill' && past.length > 0) {
      holes = holes.filter((hole) => !past.includes(hole));
      await commit(past);
    }
    const [hole] = past;
    if (deed.do === 'excuse' && hole !== undefined) {
      await market.candles.recordGap(id, { from: at(hole), to: at(hole + 1) }, deed.reason, tick());
    }
    const old = deed.do === 'correct' ? minute - deed.back : -1;
    if (old >= 0 && !holes.includes(old)) {
      await commit([old], { tradeCount: 1_000 + listed + (now % 100_000), high: minuteOf(old + (now % 7)).high });
    }
  }
  if (historyMinutes > 0) {
    const candles = Array.from({ length: historyMinutes }, (_, n) => minuteOf(n - historyMinutes));
    await market.candles.commitHistory({ instrumentId: id, candles }, tick());
  }
  const instrument = await createInstrumentReader(market.database).findInstrument(id);
  if (!instrument) throw new Error('the instrument is not there');
  return { instrument, end: addMs(now, 1) };
}
