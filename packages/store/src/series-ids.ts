import { AppError, type InstrumentId } from '@candlecast/domain';
import { findSeries } from './sql/series.ts';
import type { Session } from './sql/session.ts';

/** Knows the row ids of instruments: they never change, so each is looked up once. */
export interface SeriesIds {
  /** Throws `instrument_unknown` when one is not in the database. */
  load(ids: Iterable<InstrumentId>): Promise<(id: InstrumentId) => number>;
  /** Returns the ids of those that are known. */
  find(ids: Iterable<InstrumentId>): Promise<Map<number, InstrumentId>>;
}

/** Returns a memory that is empty at first. */
export function createSeriesIds(session: Pick<Session, 'run'>): SeriesIds {
  const known = new Map<InstrumentId, number>();

  async function look(ids: ReadonlySet<InstrumentId>): Promise<void> {
    const missing = [...ids].filter((id) => !known.has(id));
    if (missing.length === 0) return;
    for (const { instrumentId, seriesId } of await findSeries(session, missing)) known.set(instrumentId, seriesId);
  }

  return {
    async load(ids) {
      const wanted = new Set(ids);
      await look(wanted);
      const unknown = [...wanted].find((id) => !known.has(id));
      if (unknown) throw new AppError('instrument_unknown', `instrument "${unknown}" is not in the database`);
      return (id) => known.get(id) as number;
    },
    async find(ids) {
      const wanted = new Set(ids);
      await look(wanted);
      return new Map([...wanted].flatMap((id) => (known.has(id) ? [[known.get(id) as number, id] as const] : [])));
    },
  };
}
