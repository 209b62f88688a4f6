import { addMs, type EpochMs } from '@candlecast/domain';
import {
  createBookReader,
  createCandleReader,
  createForecastReader,
  createGapReader,
  createInstrumentReader,
  createReplayReader,
  createTradeReader,
} from '@candlecast/store';
import { createForecastNodes } from '../market/forecast-nodes.ts';
import { createModels } from '../market/models.ts';
import { createVenues } from '../market/venues.ts';
import type { ReplayClock } from '../replay/replay-clock.ts';
import type { ReplaySources } from '../replay/replay-sources.ts';
import type { TestMarket } from './test-market.ts';

/** Returns what replays of a market are made from, without waits: a second of this machine passes whenever its time is read. */
export function toReplaySources({ database, log, clock }: TestMarket): ReplaySources {
  let elapsed = 0;
  const forecasts = createForecastReader(database);
  const venues = createVenues(createInstrumentReader(database), clock);
  return {
    replay: createReplayReader(database),
    candles: createCandleReader(database),
    gaps: createGapReader(database),
    trades: createTradeReader(database),
    books: createBookReader(database),
    nodes: createForecastNodes({ forecasts, models: createModels(forecasts), venues }),
    venues,
    log,
    wall: clock,
    heartbeatMs: 1_000_000,
    elapsed: () => {
      elapsed += 1_000;
      return elapsed;
    },
    wait: async () => undefined,
  };
}

/** A clock that moves on by one of `steps` whenever it is read. */
export function stepping(from: EpochMs, steps: readonly number[]): ReplayClock & { readonly last: () => EpochMs } {
  let now = from;
  let n = 0;
  return {
    now() {
      if (n > 0) now = addMs(now, steps[n % steps.length] ?? 1);
      n += 1;
      return now;
    },
    last: () => now,
    wallMsUntil: () => 0,
  };
}
