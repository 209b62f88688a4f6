import { setImmediate } from 'node:timers/promises';
import { addMs, DAY_MS, type EpochMs, type InstrumentId, splitInstrumentId } from '@candlecast/domain';
import { type BarSource, loadStoredBars } from '../dataset/stored-bars.ts';
import { barAt } from '../features/bar.ts';
import { marketColumns, OWN_SEQUENCE_COLUMNS, SEQUENCE_COLUMNS } from '../features/bar-schema.ts';
import { createInstrumentFeatures } from '../features/instrument-features.ts';
import { LIVE_BARS, LIVE_HISTORY_DAYS } from '../features/live-bars.ts';
import { createMarketFeatures } from '../features/market-features.ts';

/** What every instrument is told of the market at one bar. */
export interface MarketRow {
  readonly context: Float32Array;
  /** The columns of the sequence after the instrument's own. */
  readonly sequence: Float32Array;
}

/** Keeps what is told of the market at the newest bars: the features of a leader and the means over a basket. */
export interface MarketKeeper {
  /** Reads the basket's history up to the bar that closes at `end`. */
  load(end: EpochMs): Promise<void>;
  /**
   * Moves on to the bar that closes at `end`. The newest bar of a member that had the one before may still be on its way: until it is stored, or a
   * later bar has closed, nothing is told of the newest.
   */
  advance(end: EpochMs): Promise<void>;
  /** Returns what is told at the bar that opened then; not a number throughout where that is not known. */
  at(openTime: EpochMs): MarketRow;
}

const { stepMs, lookback } = LIVE_BARS;
const LEADER = 'BTCUSDT';
/** So many bars are pushed before others have their turn. */
const SLICE_BARS = 256;
const UNKNOWN: MarketRow = {
  context: new Float32Array(marketColumns(LIVE_BARS).length).fill(Number.NaN),
  sequence: new Float32Array(SEQUENCE_COLUMNS.length - OWN_SEQUENCE_COLUMNS).fill(Number.NaN),
};

/** Returns a keeper that knows nothing yet. The leader is BTCUSDT, or the first of the basket where that is not among it. */
export function createMarketKeeper(candles: BarSource, basket: readonly InstrumentId[]): MarketKeeper {
  let state = aState();
  const lead = Math.max(
    0,
    basket.findIndex((id) => splitInstrumentId(id).symbol === LEADER),
  );

  function aState() {
    return {
      members: basket.map(() => createInstrumentFeatures(LIVE_BARS)),
      market: createMarketFeatures(LIVE_BARS),
      rows: new Map<EpochMs, MarketRow>(),
      next: 0 as EpochMs,
    };
  }

  /** Pushes the stored bars that open in [next, end); `isWhole` tells whether a step may be pushed with what there is of it. */
  async function readOn(to: typeof state, end: EpochMs, mayLack: (openTime: EpochMs) => boolean): Promise<void> {
    const range = { from: to.next, to: end };
    const series = [];
    for (const id of basket) series.push(await loadStoredBars(candles, id, LIVE_BARS, range));
    for (let row = 0; row < (end - range.from) / stepMs; row++) {
      const openTime = addMs(range.from, row * stepMs);
      const bars = series.map((each) => barAt(each, row));
      const isAwaited = bars.some((bar, index) => bar === undefined && to.members[index]?.isKnown());
      if (isAwaited && !mayLack(openTime)) return;
      to.members.forEach((member, index) => {
        member.push(openTime, bars[index]);
      });
      const leader = to.members[lead];
      if (leader) to.market.push(leader, to.members);
      to.rows.set(openTime, { context: Float32Array.from(to.market.context), sequence: Float32Array.from(to.market.sequence) });
      to.rows.delete(addMs(openTime, -lookback * stepMs));
      to.next = addMs(openTime, stepMs);
      if (row % SLICE_BARS === SLICE_BARS - 1) await setImmediate();
    }
  }

  return {
    async load(end) {
      const fresh = { ...aState(), next: addMs(end, -LIVE_HISTORY_DAYS * DAY_MS) };
      await readOn(fresh, end, () => true);
      state = fresh;
    },
    async advance(end) {
      if (state.next > 0 && state.next < end) await readOn(state, end, (openTime) => addMs(openTime, stepMs) < end);
    },
    at: (openTime) => state.rows.get(openTime) ?? UNKNOWN,
  };
}
