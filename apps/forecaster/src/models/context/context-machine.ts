import { addMs, type EpochMs } from '@candlecast/domain';
import { OWN_SEQUENCE_COLUMNS, SEQUENCE_COLUMNS } from '../../features/bar-schema.ts';
import { createInstrumentFeatures } from '../../features/instrument-features.ts';
import { LIVE_BARS } from '../../features/live-bars.ts';
import { toContextInput } from '../../onnx/context-session.ts';
import type { BarMachine } from '../../serve/bar-keeper.ts';
import type { MarketKeeper } from '../../serve/market-keeper.ts';

/** What a network with context is told of one instrument, moved on bar by bar. */
export interface ContextMachine extends BarMachine {
  /**
   * Returns what the network is given at the newest bar; undefined when that bar or one of its sequence is missing, or the instrument has not
   * warmed up.
   */
  input(market: Pick<MarketKeeper, 'at'>): Float32Array | undefined;
}

const { stepMs, lookback, warmup } = LIVE_BARS;
const COLUMNS = SEQUENCE_COLUMNS.length;

/** Returns a machine before its first bar. */
export function createContextMachine(): ContextMachine {
  const features = createInstrumentFeatures(LIVE_BARS);
  const ring = new Float32Array(lookback * OWN_SEQUENCE_COLUMNS);
  let newest = 0 as EpochMs;
  let bars = -1;
  /** Bars up to the newest without one that is missing. */
  let unbroken = 0;

  return {
    push(openTime, bar) {
      features.push(openTime, bar);
      newest = openTime;
      bars += 1;
      unbroken = features.isKnown() ? unbroken + 1 : 0;
      ring.set(features.sequence, (bars % lookback) * OWN_SEQUENCE_COLUMNS);
    },
    input(market) {
      // The first bar's return needs the bar before it.
      if (unbroken <= lookback || features.known() < warmup) return undefined;
      const context = [...features.context, ...market.at(newest).context];
      const sequence = new Float32Array(lookback * COLUMNS);
      for (let step = 0; step < lookback; step++) {
        const back = lookback - 1 - step;
        const place = ((bars - back) % lookback) * OWN_SEQUENCE_COLUMNS;
        sequence.set(ring.subarray(place, place + OWN_SEQUENCE_COLUMNS), step * COLUMNS);
        sequence.set(market.at(addMs(newest, -back * stepMs)).sequence, step * COLUMNS + OWN_SEQUENCE_COLUMNS);
      }
      return toContextInput(Float32Array.from(context), sequence, features.sigmas);
    },
  };
}
