import { setTimeout as delay } from 'node:timers/promises';
import { type CandleReader, candleKey, type InstrumentId, type MarketSummaryRow, splitInstrumentId, type Venue } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { EventHub } from '../live/event-hub.ts';
import type { Venues } from './venues.ts';

/** The 24-hour summaries of the instruments that somebody watches: read once a minute for all watchers of this process. */
export interface LiveSummaries {
  /** Calls `onChange` after each change of one of `ids`, and once it is known; until the returned function is called. */
  watch(ids: readonly InstrumentId[], onChange: (id: InstrumentId) => void): () => void;
  /** The newest summary of a watched instrument; undefined while it is being read or there is no candle. */
  find(id: InstrumentId): MarketSummaryRow | undefined;
}

interface Sources {
  readonly hub: Pick<EventHub, 'join'>;
  readonly candles: Pick<CandleReader, 'findSummaries'>;
  readonly venues: Venues;
  readonly logger: Logger;
}

interface Watched {
  readonly listeners: Set<(id: InstrumentId) => void>;
  row: MarketSummaryRow | undefined;
  leave: () => void;
}

/** A minute closes for many instruments at about the same time: they are read together. */
const GATHER_MS = 200;
const RETRY_MS = 2_000;

/** Returns an empty set. Follows the closed and corrected minutes of what is watched. */
export function createLiveSummaries({ hub, candles, venues, logger }: Sources): LiveSummaries {
  const watched = new Map<InstrumentId, Watched>();
  const stale = new Set<InstrumentId>();
  let isReading = false;

  function mark(id: InstrumentId): void {
    stale.add(id);
    if (!isReading) void readAll();
  }

  async function readAll(): Promise<void> {
    isReading = true;
    while (stale.size > 0) {
      await delay(GATHER_MS, undefined, { ref: false });
      const ids = [...stale].filter((id) => watched.has(id));
      stale.clear();
      try {
        for (const row of await readRows(ids)) {
          const entry = watched.get(row.instrumentId);
          if (!entry) continue;
          entry.row = row;
          for (const listener of [...entry.listeners]) listener(row.instrumentId);
        }
      } catch (cause) {
        logger.warn({ err: cause }, 'market summaries could not be read, trying again');
        for (const id of ids) stale.add(id);
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
    isReading = false;
  }

  async function readRows(ids: readonly InstrumentId[]): Promise<MarketSummaryRow[]> {
    const ofVenue = async (venue: Venue) => {
      const some = ids.filter((id) => splitInstrumentId(id).venue === venue);
      return candles.findSummaries(some, await venues.now(venue));
    };
    return (await Promise.all([...new Set(ids.map((id) => splitInstrumentId(id).venue))].map(ofVenue))).flat();
  }

  function start(id: InstrumentId): Watched {
    const leave = hub.join([candleKey(id, '1m')], { accept: () => mark(id), restart: () => mark(id) });
    const entry: Watched = { listeners: new Set(), row: undefined, leave };
    watched.set(id, entry);
    mark(id);
    return entry;
  }

  return {
    watch(ids, onChange) {
      for (const id of ids) (watched.get(id) ?? start(id)).listeners.add(onChange);
      return () => {
        for (const id of ids) {
          const entry = watched.get(id);
          if (!entry?.listeners.delete(onChange) || entry.listeners.size > 0) continue;
          entry.leave();
          watched.delete(id);
        }
      };
    },
    find: (id) => watched.get(id)?.row,
  };
}
